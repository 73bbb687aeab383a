//! `vsn=2.0.0`: `[join_ref, ref, topic, event, payload]`.

mod plain;

use super::{Inbound, Outbound, json::write};
use crate::message::{bytes::Utf8Bytes, payload::Payload, reference::Reference};
use serde::{
    Deserialize, Deserializer,
    de::{Error, IgnoredAny, SeqAccess, Visitor},
};
use serde_json::value::RawValue;
use std::{borrow::Cow, fmt};

struct Message<'a>(Inbound<'a>);

/// A string, borrowed from the frame unless it holds an escape.
#[derive(Deserialize)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

pub(super) fn decode(text: &str) -> serde_json::Result<Inbound<'_>> {
    plain::decode(text).map_or_else(|| decode_any(text), Ok)
}

fn decode_any(text: &str) -> serde_json::Result<Inbound<'_>> {
    serde_json::from_str(text).map(|Message(inbound)| inbound)
}

impl<'de> Deserialize<'de> for Message<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(Elements)
    }
}

struct Elements;

impl<'de> Visitor<'de> for Elements {
    type Value = Message<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of join_ref, ref, topic, event and payload")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Self::Value, A::Error> {
        let join_reference: Option<&RawValue> = next(&mut elements)?;
        let reference: Option<&RawValue> = next(&mut elements)?;
        let Name(topic) = next(&mut elements)?;
        let Name(event) = next(&mut elements)?;
        let payload: &RawValue = next(&mut elements)?;
        // Elements behind the fifth are for clients newer than this server (ENC-10).
        while elements.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Message(Inbound {
            join_reference: join_reference.map(RawValue::get).map(Reference::new),
            reference: reference.map(RawValue::get).map(Reference::new),
            topic,
            event,
            payload: Payload::raw(payload),
        }))
    }
}

fn next<'de, A: SeqAccess<'de>, T: Deserialize<'de>>(elements: &mut A) -> Result<T, A::Error> {
    let element = elements.next_element()?;
    element.ok_or_else(|| A::Error::custom("fewer than five elements"))
}

pub(super) fn encode(message: &Outbound<'_>) -> Utf8Bytes {
    write(|json| {
        json.raw("[")
            .reference(message.join_reference)
            .raw(",")
            .reference(message.reference)
            .raw(",")
            .text(message.topic)
            .raw(",")
            .text(message.event)
            .raw(",")
            .content(message.content)
            .raw("]");
    })
}
