//! Writing the JSON of a message. References and payloads are JSON already and go out as they are.

use super::Content;
use crate::{
    message::{bytes::Utf8Bytes, payload::Payload, reference::Reference},
    scratch::scratch,
};
use std::mem;

/// Whether a byte means nothing but itself in a string.
pub(super) fn is_plain(byte: u8) -> bool {
    byte >= b' ' && byte != b'"' && byte != b'\\'
}

/// A message that is being written.
pub(super) struct Writer(String);

/// Has a message written.
pub(super) fn write(message: impl FnOnce(&mut Writer)) -> Utf8Bytes {
    scratch(|bytes| {
        // Empty as it is, it is a string. As one it takes text without looking whether it is.
        let mut json = Writer(String::from_utf8(mem::take(bytes)).unwrap_or_default());
        message(&mut json);
        let written = json.0.as_str().into();
        *bytes = json.0.into_bytes();
        written
    })
}

impl Writer {
    /// Writes a part of the frame itself.
    pub(super) fn raw(&mut self, json: &str) -> &mut Self {
        self.0.push_str(json);
        self
    }

    pub(super) fn text(&mut self, text: &str) -> &mut Self {
        if text.bytes().all(is_plain) {
            // As most names are.
            return self.raw("\"").raw(text).raw("\"");
        }
        #[expect(clippy::expect_used, reason = "a string has a JSON form")]
        let json = serde_json::to_string(text).expect("a string encodes");
        self.raw(&json)
    }

    pub(super) fn reference(&mut self, reference: Option<&Reference>) -> &mut Self {
        self.raw(reference.map_or("null", Reference::as_json))
    }

    pub(super) fn content(&mut self, content: Content<'_>) -> &mut Self {
        match content {
            Content::Push(payload) | Content::Broadcast(payload) => self.payload(payload),
            Content::Reply { status, response } => self
                .raw(r#"{"status":"#)
                .text(status)
                .raw(r#","response":"#)
                .payload(response)
                .raw("}"),
        }
    }

    /// Binary payloads do not get here.
    fn payload(&mut self, payload: &Payload) -> &mut Self {
        self.raw(payload.as_json().unwrap_or("null"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_escaped_as_by_serde_json() {
        for character in '\0'..='\u{2030}' {
            let text = format!("a{character}b");
            let written = write(|json| {
                json.text(&text);
            });
            assert_eq!(*written, *serde_json::to_string(&text).unwrap());
        }
    }
}
