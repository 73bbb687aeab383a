//! Frames to messages and back. Pure functions: nothing here knows of sockets or topics.

mod v1;
mod v2;
mod version;

use crate::{Payload, Reference};
use serde::Serialize;
use std::borrow::Cow;
pub(crate) use trillium_websockets::tungstenite::{Bytes, Utf8Bytes};
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

/// A message on its way to a client. V1 leaves the `join_reference` out.
pub(crate) struct Outbound<'a, P> {
    pub(crate) join_reference: Option<&'a Reference>,
    pub(crate) reference: Option<&'a Reference>,
    pub(crate) topic: &'a str,
    pub(crate) event: &'a str,
    pub(crate) payload: P,
}

/// The payload of a `phx_reply`.
#[derive(Serialize)]
pub(crate) struct ReplyPayload<'a> {
    pub(crate) status: &'a str,
    pub(crate) response: &'a Payload,
}

impl Serializer {
    /// Decodes a client's frame; `Err` says what is wrong with it.
    pub(crate) fn decode(self, frame: &Frame) -> Result<Inbound<'_>, String> {
        let Frame::Text(text) = frame else {
            return Err("binary frames are not supported".into());
        };
        match self {
            Self::V1 => v1::decode(text),
            Self::V2 => v2::decode(text),
        }
        .map_err(|error| error.to_string())
    }

    pub(crate) fn encode<P: Serialize>(self, message: &Outbound<'_, P>) -> Frame {
        let json = match self {
            Self::V1 => v1::encode(message),
            Self::V2 => v2::encode(message),
        };
        #[expect(
            clippy::expect_used,
            reason = "strings, references and payloads are JSON already; nothing in them can fail to encode"
        )]
        Frame::Text(
            json.expect("a message of strings and raw JSON encodes")
                .into(),
        )
    }
}
