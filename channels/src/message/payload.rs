mod outline;

use crate::{
    message::{
        bytes::{Bytes, Utf8Bytes},
        error::Error,
    },
    scratch::scratch,
};
use serde::{
    Serialize, Serializer,
    de::{DeserializeOwned, value::BytesDeserializer},
    ser::Error as _,
};
use serde_json::value::RawValue;
use std::{fmt, sync::LazyLock};

pub(crate) use outline::Outline;

/// What a message carries: JSON that stays text until someone asks for a type, or bytes.
///
/// Cloning a payload copies a pointer. A payload that is passed on, say by broadcasting an event
/// that came from a client, goes out with the bytes it came with.
///
/// ```
/// # use phx_channels::{Binary, Payload};
/// let payload = Payload::new(&["a", "b"])?;
/// assert_eq!(payload.as_json(), Some(r#"["a","b"]"#));
/// assert_eq!(payload.decode::<Vec<String>>()?.len(), 2);
///
/// let payload = Payload::new(&Binary([1, 2]))?;
/// assert_eq!(payload.as_binary(), Some(&[1, 2][..]));
/// # Ok::<_, phx_channels::Error>(())
/// ```
#[derive(Clone)]
pub struct Payload(Content);

#[derive(Clone)]
enum Content {
    Json(Utf8Bytes),
    Binary(Bytes),
}

static EMPTY: LazyLock<Payload> = LazyLock::new(|| {
    #[expect(clippy::expect_used, reason = "a map without entries has a JSON form")]
    Payload::new(&serde_json::Map::new()).expect("an empty map encodes")
});

impl Payload {
    /// Encodes a value: bytes, such as a [`Binary`](crate::Binary), as a binary payload, all else as
    /// JSON.
    ///
    /// # Errors
    ///
    /// [`Error::Encode`] when the value has no JSON form, for example a map whose keys are not
    /// strings.
    pub fn new<T: Serialize + ?Sized>(value: &T) -> Result<Self, Error> {
        Self::outlined(value, Outline::of(value))
    }

    /// Encodes a value that was looked at already.
    pub(crate) fn outlined<T: Serialize + ?Sized>(
        value: &T,
        outline: Outline,
    ) -> Result<Self, Error> {
        match outline {
            Outline::Bytes(bytes) => Ok(Self::binary(bytes.into())),
            Outline::Absent | Outline::Unit | Outline::Json => Self::json(value),
        }
    }

    fn json<T: Serialize + ?Sized>(value: &T) -> Result<Self, Error> {
        scratch(|json| match serde_json::to_writer(&mut *json, value) {
            Ok(()) => {
                #[expect(clippy::expect_used, reason = "serde_json writes strings")]
                let json = str::from_utf8(json).expect("JSON is UTF-8");
                Ok(Self(Content::Json(json.into())))
            }
            Err(source) => Err(Error::Encode { source }),
        })
    }

    /// The empty object, `{}`.
    pub fn empty() -> Self {
        EMPTY.clone()
    }

    pub(crate) fn raw(raw: &RawValue) -> Self {
        Self(Content::Json(raw.get().into()))
    }

    pub(crate) fn binary(bytes: Bytes) -> Self {
        Self(Content::Binary(bytes))
    }

    /// The JSON text, unless the payload is binary.
    pub fn as_json(&self) -> Option<&str> {
        match &self.0 {
            Content::Json(json) => Some(json),
            Content::Binary(_) => None,
        }
    }

    /// The bytes of a binary payload.
    pub fn as_binary(&self) -> Option<&[u8]> {
        match &self.0 {
            Content::Json(_) => None,
            Content::Binary(bytes) => Some(bytes),
        }
    }

    /// Decodes the payload into a type of yours.
    ///
    /// `null` and `{}` both say "no payload": either decodes into `()`, into `Option<T>` and into a
    /// struct whose fields are all optional (J-9). A binary payload decodes into what serde can make
    /// of bytes, such as a [`Binary`](crate::Binary).
    ///
    /// # Errors
    ///
    /// [`Error::Decode`], whose text begins with the path of the field that does not fit.
    pub fn decode<T: DeserializeOwned>(&self) -> Result<T, Error> {
        let json = match &self.0 {
            Content::Json(json) => json.as_str(),
            Content::Binary(bytes) => return decode_bytes(bytes),
        };
        if let Ok(value) = serde_json::from_str(json) {
            return Ok(value);
        }
        if json == "null" {
            serde_json::from_str("{}").or_else(|_| explain("{}"))
        } else if is_empty_object(json) {
            serde_json::from_str("null").or_else(|_| explain(json))
        } else {
            explain(json)
        }
    }

    /// How many bytes it has.
    pub(crate) fn len(&self) -> usize {
        match &self.0 {
            Content::Json(json) => json.len(),
            Content::Binary(bytes) => bytes.len(),
        }
    }

    /// Clients expect JSON that is pushed or broadcast to be an object.
    pub(crate) fn can_be_sent(&self) -> bool {
        self.as_json().is_none_or(|json| json.starts_with('{'))
    }

    /// The same payload, or `{}` where it is `null`: what a unit struct encodes as.
    pub(crate) fn or_empty_object(self) -> Self {
        if self.as_json() == Some("null") {
            return Self::empty();
        }
        self
    }
}

/// Whether this is an object without members.
fn is_empty_object(json: &str) -> bool {
    let inner = json.strip_prefix('{');
    inner
        .and_then(|rest| rest.strip_suffix('}'))
        .is_some_and(|rest| rest.trim().is_empty())
}

fn decode_bytes<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Error> {
    let decoded = T::deserialize(BytesDeserializer::<serde::de::value::Error>::new(bytes));
    decoded.map_err(|error| Error::decode(&error.to_string()))
}

/// Decodes once more to learn where the value does not fit. Only failures pay for the path.
fn explain<T: DeserializeOwned>(json: &str) -> Result<T, Error> {
    let mut deserializer = serde_json::Deserializer::from_str(json);
    serde_path_to_error::deserialize(&mut deserializer)
        .map_err(|error| Error::decode(&error.to_string()))
}

impl fmt::Debug for Payload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Content::Json(json) => f.write_str(json),
            Content::Binary(bytes) => write!(f, "{} bytes", bytes.len()),
        }
    }
}

impl PartialEq for Payload {
    fn eq(&self, other: &Self) -> bool {
        (self.as_json(), self.as_binary()) == (other.as_json(), other.as_binary())
    }
}

/// As a part of a larger value a binary payload is a JSON array of numbers.
impl Serialize for Payload {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            Content::Json(json) => {
                let raw: &RawValue = serde_json::from_str(json).map_err(S::Error::custom)?;
                raw.serialize(serializer)
            }
            Content::Binary(bytes) => serializer.serialize_bytes(bytes),
        }
    }
}
