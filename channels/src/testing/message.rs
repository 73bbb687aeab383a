use crate::wire::Serializer;
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
    /// The payload.
    pub payload: Value,
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

impl Message {
    pub(super) fn encode(&self, serializer: Serializer) -> String {
        match serializer {
            Serializer::V1 => json!({
                "topic": self.topic,
                "event": self.event,
                "payload": self.payload,
                "ref": self.reference,
            }),
            Serializer::V2 => json!([
                self.join_reference,
                self.reference,
                self.topic,
                self.event,
                self.payload,
            ]),
        }
        .to_string()
    }

    /// # Panics
    ///
    /// On a text that is no message: the server must not send one.
    pub(super) fn decode(serializer: Serializer, text: &str) -> Self {
        #[derive(Deserialize)]
        struct V1 {
            topic: String,
            event: String,
            payload: Value,
            #[serde(rename = "ref")]
            reference: Value,
        }
        let decoded = match serializer {
            Serializer::V1 => serde_json::from_str(text).map(
                |V1 {
                     topic,
                     event,
                     payload,
                     reference,
                 }| { (Value::Null, reference, topic, event, payload) },
            ),
            Serializer::V2 => serde_json::from_str(text),
        };
        let (join_reference, reference, topic, event, payload) =
            decoded.unwrap_or_else(|error| panic!("the server sent `{text}`: {error}"));
        Self {
            join_reference,
            reference,
            topic,
            event,
            payload,
        }
    }

    pub(super) fn into_reply(self) -> TestReply {
        serde_json::from_value(self.payload)
            .unwrap_or_else(|error| panic!("the server sent a malformed reply: {error}"))
    }
}
