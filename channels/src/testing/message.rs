use super::client::Frame;
use crate::{
    message::{binary::Binary, payload::Payload},
    wire::{self, Serializer},
};
use serde::Deserialize;
use serde_json::{Value, json};

/// A message that the server sent, decoded.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Message {
    /// `null` in broadcasts, and always in version 1.
    pub join_reference: Value,
    /// `null` in everything but replies, and in the end of a channel.
    pub reference: Value,
    /// The topic.
    pub topic: String,
    /// The event, `phx_reply` for a reply.
    pub event: String,
    /// The payload. Bytes from a binary frame are an array of numbers, as in `json!(Binary([1, 2]))`.
    pub payload: Value,
}

/// A message that the client sends.
pub(super) struct Push<'a> {
    pub(super) join_reference: Option<&'a str>,
    pub(super) reference: &'a str,
    pub(super) topic: &'a str,
    pub(super) event: &'a str,
    pub(super) payload: &'a Payload,
}

/// A reply to a join, a push or a leave.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct TestReply {
    /// `ok`, `error`, or what else the handler chose.
    pub status: String,
    /// What came with it.
    pub response: Value,
}

impl TestReply {
    /// The response of a reply with status `ok`.
    ///
    /// # Panics
    ///
    /// On any other status.
    #[track_caller]
    pub fn unwrap_ok(self) -> Value {
        assert_eq!(self.status, "ok", "the reply was {}", self.response);
        self.response
    }

    /// The response of a reply with status `error`.
    ///
    /// # Panics
    ///
    /// On any other status.
    #[track_caller]
    pub fn unwrap_error(self) -> Value {
        assert_eq!(self.status, "error", "the reply was {}", self.response);
        self.response
    }
}

impl Push<'_> {
    /// # Panics
    ///
    /// On bytes in version 1, and on names that are too long for a binary frame.
    pub(super) fn encode(&self, serializer: Serializer) -> wire::Frame {
        let Self {
            join_reference,
            reference,
            topic,
            event,
            payload,
        } = *self;
        let json = match (serializer, payload.as_binary()) {
            (_, Some(bytes)) => {
                let names = [join_reference.unwrap_or_default(), reference, topic, event];
                return wire::Frame::Binary(binary(serializer, &names, bytes).into());
            }
            (Serializer::V1, None) => json!({
                "topic": topic,
                "event": event,
                "payload": payload,
                "ref": reference,
            }),
            (Serializer::V2, None) => json!([join_reference, reference, topic, event, payload]),
        };
        wire::Frame::Text(json.to_string().into())
    }
}

fn binary(serializer: Serializer, names: &[&str; 4], bytes: &[u8]) -> Vec<u8> {
    assert!(
        serializer == Serializer::V2,
        "version 1 of the protocol has no binary frames"
    );
    let sizes = names.map(|name| match u8::try_from(name.len()) {
        Ok(size) => size,
        Err(error) => panic!("`{name}` is too long for a binary frame: {error}"),
    });
    [&[0], &sizes[..], names.concat().as_bytes(), bytes].concat()
}

impl Message {
    /// # Panics
    ///
    /// On a frame that is no message: the server must not send one.
    pub(super) fn decode(serializer: Serializer, frame: &Frame) -> Self {
        let decoded = match frame {
            Frame::Text(text) => Self::from_text(serializer, text).ok(),
            Frame::Binary(bytes) => Self::from_binary(bytes),
            Frame::Close(_) | Frame::Gone => None,
        };
        decoded.unwrap_or_else(|| panic!("the server sent `{frame:?}`"))
    }

    fn from_text(serializer: Serializer, text: &str) -> serde_json::Result<Self> {
        #[derive(Deserialize)]
        struct V1 {
            topic: String,
            event: String,
            payload: Value,
            #[serde(rename = "ref")]
            reference: Value,
        }
        match serializer {
            Serializer::V1 => {
                let message: V1 = serde_json::from_str(text)?;
                Ok(Self {
                    join_reference: Value::Null,
                    reference: message.reference,
                    topic: message.topic,
                    event: message.event,
                    payload: message.payload,
                })
            }
            Serializer::V2 => {
                let (join_reference, reference, topic, event, payload) =
                    serde_json::from_str(text)?;
                Ok(Self {
                    join_reference,
                    reference,
                    topic,
                    event,
                    payload,
                })
            }
        }
    }

    /// Reads a push, a reply or a broadcast.
    fn from_binary(frame: &[u8]) -> Option<Self> {
        let (&kind, rest) = frame.split_first()?;
        let count = match kind {
            0 => 3,
            1 => 4,
            2 => 2,
            _ => return None,
        };
        let (sizes, mut rest) = rest.split_at_checked(count)?;
        let mut names = Vec::new();
        for &size in sizes {
            let (name, behind) = rest.split_at_checked(size.into())?;
            names.push(std::str::from_utf8(name).ok()?);
            rest = behind;
        }
        let bytes = json!(Binary(rest));
        let reference = |name: &str| match name {
            "" => Value::Null,
            name => json!(name),
        };
        let (join_reference, reference, topic, event, payload) = match names[..] {
            [join, topic, event] => (reference(join), Value::Null, topic, event, bytes),
            [join, own, topic, status] => {
                let reply = json!({"status": status, "response": bytes});
                (reference(join), reference(own), topic, "phx_reply", reply)
            }
            [topic, event] => (Value::Null, Value::Null, topic, event, bytes),
            _ => return None,
        };
        Some(Self {
            join_reference,
            reference,
            topic: topic.to_owned(),
            event: event.to_owned(),
            payload,
        })
    }

    pub(super) fn into_reply(self) -> TestReply {
        serde_json::from_value(self.payload)
            .unwrap_or_else(|error| panic!("the server sent a malformed reply: {error}"))
    }
}
