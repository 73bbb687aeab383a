//! Writing the JSON of a message. References and payloads are JSON already and go out as they are.

use super::{Content, Utf8Bytes};
use crate::{Payload, Reference, scratch::scratch};

/// A message that is being written.
pub(super) struct Writer<'a>(&'a mut Vec<u8>);

/// Has a message written.
pub(super) fn write(message: impl FnOnce(&mut Writer<'_>)) -> Utf8Bytes {
    scratch(|bytes| {
        message(&mut Writer(bytes));
        #[expect(clippy::expect_used, reason = "it was written from strings")]
        let json = str::from_utf8(bytes).expect("JSON is UTF-8");
        json.into()
    })
}

impl Writer<'_> {
    /// Writes a part of the frame itself.
    pub(super) fn raw(&mut self, json: &str) -> &mut Self {
        self.0.extend_from_slice(json.as_bytes());
        self
    }

    pub(super) fn text(&mut self, text: &str) -> &mut Self {
        #[expect(
            clippy::expect_used,
            reason = "neither a string nor a vector can fail here"
        )]
        serde_json::to_writer(&mut *self.0, text).expect("a string encodes");
        self
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
