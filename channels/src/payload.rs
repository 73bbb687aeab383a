use crate::Error;
use serde::{Serialize, Serializer, de::DeserializeOwned};
use serde_json::value::{RawValue, to_raw_value};
use std::{
    fmt,
    sync::{Arc, LazyLock},
};

/// What a message carries: JSON that stays text until someone asks for a type.
///
/// Cloning a payload copies a pointer. A payload that is passed on, say by broadcasting an event
/// that came from a client, goes out with the bytes it came with.
///
/// ```
/// # use phx_channels::Payload;
/// let payload = Payload::new(&["a", "b"])?;
/// assert_eq!(payload.as_json(), r#"["a","b"]"#);
/// assert_eq!(payload.decode::<Vec<String>>()?.len(), 2);
/// # Ok::<_, phx_channels::Error>(())
/// ```
#[derive(Clone)]
pub struct Payload(Arc<RawValue>);

static EMPTY: LazyLock<Payload> = LazyLock::new(|| {
    #[expect(clippy::expect_used, reason = "a map without entries has a JSON form")]
    Payload::new(&serde_json::Map::new()).expect("an empty map encodes")
});

impl Payload {
    /// Encodes a value as a JSON payload.
    ///
    /// # Errors
    ///
    /// [`Error::Encode`] when the value has no JSON form, for example a map whose keys are not
    /// strings.
    pub fn new<T: Serialize + ?Sized>(value: &T) -> Result<Self, Error> {
        match to_raw_value(value) {
            Ok(raw) => Ok(Self(raw.into())),
            Err(source) => Err(Error::Encode { source }),
        }
    }

    /// The empty object, `{}`.
    pub fn empty() -> Self {
        EMPTY.clone()
    }

    pub(crate) fn raw(raw: &RawValue) -> Self {
        Self(raw.to_owned().into())
    }

    /// The JSON text.
    pub fn as_json(&self) -> &str {
        self.0.get()
    }

    /// Decodes the payload into a type of yours.
    ///
    /// `null` and `{}` both say "no payload": either decodes into `()`, into `Option<T>` and into a
    /// struct whose fields are all optional (J-9).
    ///
    /// # Errors
    ///
    /// [`Error::Decode`], whose text begins with the path of the field that does not fit.
    pub fn decode<T: DeserializeOwned>(&self) -> Result<T, Error> {
        let json = self.as_json();
        if let Ok(value) = serde_json::from_str(json) {
            return Ok(value);
        }
        if json == "null" {
            serde_json::from_str("{}").or_else(|_| explain("{}"))
        } else if self.is_empty() {
            serde_json::from_str("null").or_else(|_| explain(json))
        } else {
            explain(json)
        }
    }

    /// How many bytes it has.
    pub(crate) fn len(&self) -> usize {
        self.as_json().len()
    }

    /// Whether this is an object without members.
    fn is_empty(&self) -> bool {
        let inner = self.as_json().strip_prefix('{');
        inner
            .and_then(|rest| rest.strip_suffix('}'))
            .is_some_and(|rest| rest.trim().is_empty())
    }

    /// Clients expect pushes and broadcasts to carry an object.
    pub(crate) fn is_object(&self) -> bool {
        self.as_json().starts_with('{')
    }

    /// The same payload, or `{}` where it is `null`: what a unit struct encodes as.
    pub(crate) fn or_empty_object(self) -> Self {
        if self.as_json() == "null" {
            return Self::empty();
        }
        self
    }
}

/// Decodes once more to learn where the value does not fit. Only failures pay for the path.
fn explain<T: DeserializeOwned>(json: &str) -> Result<T, Error> {
    let mut deserializer = serde_json::Deserializer::from_str(json);
    serde_path_to_error::deserialize(&mut deserializer)
        .map_err(|error| Error::decode(&error.to_string()))
}

impl fmt::Debug for Payload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_json())
    }
}

impl PartialEq for Payload {
    fn eq(&self, other: &Self) -> bool {
        self.as_json() == other.as_json()
    }
}

impl Serialize for Payload {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}
