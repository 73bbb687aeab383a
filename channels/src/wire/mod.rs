//! Frames to messages and back. Pure functions: nothing here knows of sockets or topics.

mod binary;
mod json;
mod v1;
mod v2;
mod version;

use crate::message::{
    bytes::{Bytes, Utf8Bytes},
    payload::Payload,
    reference::Reference,
};
use binary::TooLong;
use std::borrow::Cow;
pub(crate) use version::negotiate;

/// One WebSocket message. Cloning shares the bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Frame {
    Text(Utf8Bytes),
    Binary(Bytes),
}

impl Frame {
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::Binary(bytes) => bytes.len(),
        }
    }
}

/// The encoding that a connection asked for with `vsn`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Serializer {
    V1,
    V2,
}

/// A decoded message of a client. Names borrow from the frame.
#[derive(Debug)]
pub(crate) struct Inbound<'a> {
    pub(crate) join_reference: Option<Reference>,
    pub(crate) reference: Option<Reference>,
    pub(crate) topic: Cow<'a, str>,
    pub(crate) event: Cow<'a, str>,
    pub(crate) payload: Payload,
}

impl Inbound<'_> {
    /// The message, unless one of its references has more bytes than this: it would be kept, and sent back with each
    /// answer. `Err` says so.
    pub(crate) fn with_references_up_to(self, bytes: usize) -> Result<Self, String> {
        let references = [&self.join_reference, &self.reference];
        let longest = references.into_iter().flatten().map(Reference::len).max();
        match longest {
            Some(length) if length > bytes => {
                Err(format!("a reference of {length} bytes is too long"))
            }
            _ => Ok(self),
        }
    }
}

/// A message on its way to a client. V1 leaves the `join_reference` out.
pub(crate) struct Outbound<'a> {
    pub(crate) join_reference: Option<&'a Reference>,
    pub(crate) reference: Option<&'a Reference>,
    pub(crate) topic: &'a str,
    pub(crate) event: &'a str,
    pub(crate) content: Content<'a>,
}

/// What a message carries. As text they differ in nothing but the payload, in binary frames each has
/// a kind of its own.
#[derive(Clone, Copy)]
pub(crate) enum Content<'a> {
    Push(&'a Payload),
    Broadcast(&'a Payload),
    Reply {
        status: &'a str,
        response: &'a Payload,
    },
}

/// Why a message cannot go to a client.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unencodable {
    #[error("version 1 of the protocol has no binary payloads")]
    BinaryInVersion1,
    #[error(transparent)]
    TooLong(#[from] TooLong),
}

impl Content<'_> {
    fn payload(&self) -> &Payload {
        match self {
            Self::Push(payload) | Self::Broadcast(payload) => payload,
            Self::Reply { response, .. } => response,
        }
    }
}

impl Serializer {
    /// Decodes a client's frame; `Err` says what is wrong with it.
    pub(crate) fn decode(self, frame: &Frame) -> Result<Inbound<'_>, String> {
        let text = |error: serde_json::Error| error.to_string();
        match (self, frame) {
            (Self::V1, Frame::Text(json)) => v1::decode(json).map_err(text),
            // Version 1 has no binary messages, but clients that send their JSON in binary frames.
            (Self::V1, Frame::Binary(bytes)) => {
                let json = str::from_utf8(bytes).map_err(|error| error.to_string())?;
                v1::decode(json).map_err(text)
            }
            (Self::V2, Frame::Text(json)) => v2::decode(json).map_err(text),
            (Self::V2, Frame::Binary(bytes)) => {
                binary::decode(bytes).map_err(|error| error.to_string())
            }
        }
    }

    /// Encodes a message: into a binary frame if its payload is binary.
    pub(crate) fn encode(self, message: &Outbound<'_>) -> Result<Frame, Unencodable> {
        let json = match (self, message.content.payload().as_binary()) {
            (Self::V1, Some(_)) => return Err(Unencodable::BinaryInVersion1),
            (Self::V2, Some(bytes)) => {
                let frame = binary::encode(message, bytes)?;
                return Ok(Frame::Binary(frame.into()));
            }
            (Self::V1, None) => v1::encode(message),
            (Self::V2, None) => v2::encode(message),
        };
        Ok(Frame::Text(json))
    }
}
