use serde::{Serialize, Serializer, ser::Error};
use serde_json::value::RawValue;
use smol_str::SmolStr;
use std::{borrow::Cow, fmt};

/// Bytes of JSON that are parsed to compare two references, at the most.
const PARSED: usize = 1024;

/// A message reference (`ref` or `join_ref`): an opaque JSON value chosen by the client.
///
/// It is kept as the client wrote it and goes back unchanged, a number as a number and a string as
/// a string. Two references are equal when they are the same JSON value of the same type: `1` and
/// `"1"` differ.
#[derive(Clone)]
pub struct Reference(SmolStr);

impl Reference {
    /// The reference that is this JSON text.
    pub(crate) fn new(json: &str) -> Self {
        Self(json.into())
    }

    /// A reference from a binary frame, where it is text.
    pub(crate) fn from_text(text: &str) -> Self {
        #[expect(clippy::expect_used, reason = "text has a JSON form")]
        let json = serde_json::to_string(text).expect("a string encodes");
        Self::new(&json)
    }

    /// The reference for a binary frame: a JSON string without its quotes, anything else as it is
    /// written.
    pub(crate) fn text(&self) -> Cow<'_, str> {
        match serde_json::from_str(self.as_json()) {
            Ok(text) => Cow::Owned(text),
            Err(_) => Cow::Borrowed(self.as_json()),
        }
    }

    /// How many bytes of JSON it has.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// The JSON text of the reference, as the client sent it.
    pub fn as_json(&self) -> &str {
        &self.0
    }
}

impl PartialEq for Reference {
    fn eq(&self, other: &Self) -> bool {
        let (left, right) = (self.as_json(), other.as_json());
        // Only escapes and inner white space can make one value look like two.
        left == right
            || (may_vary(left) || may_vary(right))
                && parsed(left).is_some_and(|left| Some(left) == parsed(right))
    }
}

impl Eq for Reference {}

/// Whether the value can be written in another way as well. What is too long to be parsed for each message that it is
/// compared with is equal only to what is written alike.
fn may_vary(json: &str) -> bool {
    json.len() <= PARSED && json.contains(['\\', '[', '{'])
}

/// The value, unless it is one that cannot be calculated with, such as a number without end.
fn parsed(json: &str) -> Option<serde_json::Value> {
    serde_json::from_str(json).ok()
}

impl fmt::Debug for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_json())
    }
}

impl Serialize for Reference {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let raw: &RawValue = serde_json::from_str(&self.0).map_err(S::Error::custom)?;
        raw.serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_long_is_not_parsed() {
        let long = |comma: &str| Reference::new(&format!("[0{}]", comma.repeat(PARSED / 2)));
        assert_eq!(long(",0"), long(",0"));
        assert_ne!(long(",0"), long(", 0"));
    }

    #[test]
    fn enc_9_the_same_value_of_the_same_type() {
        for (left, right, same) in [
            ("1", "1", true),
            ("\"1\"", "1", false),
            ("\"\\u0061\"", "\"a\"", true),
            ("[1, 2]", "[1,2]", true),
            // Numbers that do not fit any type are equal only if they are written alike.
            ("[1e999]", "[1e999]", true),
            ("[1e999]", "[2e999]", false),
        ] {
            assert_eq!(
                Reference::new(left) == Reference::new(right),
                same,
                "{left} {right}"
            );
        }
    }
}
