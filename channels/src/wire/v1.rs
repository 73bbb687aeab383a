//! `vsn=1.0.0`: one object for each message.

use super::{Inbound, Outbound, json::write};
use crate::message::{bytes::Utf8Bytes, payload::Payload, reference::Reference};
use serde::{Deserialize, Deserializer, de::Error};
use serde_json::value::RawValue;
use std::borrow::Cow;

#[derive(Deserialize)]
struct Message<'a> {
    #[serde(borrow)]
    topic: Cow<'a, str>,
    #[serde(borrow)]
    event: Cow<'a, str>,
    #[serde(borrow)]
    payload: &'a RawValue,
    // Required, but may be null: an `Option` alone would also accept its absence.
    #[serde(borrow, rename = "ref", deserialize_with = "nullable")]
    reference: Option<&'a RawValue>,
    #[serde(borrow, default)]
    join_ref: Option<&'a RawValue>,
}

fn nullable<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<&'de RawValue>, D::Error> {
    Option::deserialize(deserializer)
}

pub(super) fn decode(text: &str) -> serde_json::Result<Inbound<'_>> {
    // serde would also take an array for a struct, and so a version 2 message for a scrambled one.
    if !text.trim_ascii_start().starts_with('{') {
        return Err(Error::custom("not an object"));
    }
    let message: Message<'_> = serde_json::from_str(text)?;
    Ok(Inbound {
        join_reference: message.join_ref.map(RawValue::get).map(Reference::new),
        reference: message.reference.map(RawValue::get).map(Reference::new),
        topic: message.topic,
        event: message.event,
        payload: Payload::raw(message.payload),
    })
}

/// Exactly these four keys: version 1 clients know no other.
pub(super) fn encode(message: &Outbound<'_>) -> Utf8Bytes {
    write(|json| {
        json.raw(r#"{"topic":"#)
            .text(message.topic)
            .raw(r#","event":"#)
            .text(message.event)
            .raw(r#","payload":"#)
            .content(message.content)
            .raw(r#","ref":"#)
            .reference(message.reference)
            .raw("}");
    })
}
