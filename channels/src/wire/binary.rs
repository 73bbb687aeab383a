//! Binary frames of `vsn=2.0.0`: a kind, the sizes of some names in one byte each, the names, and the
//! payload up to the end.

use super::{Content, Inbound, Outbound};
use crate::message::{bytes::Bytes, payload::Payload, reference::Reference};
use std::{borrow::Cow, str};

const PUSH: u8 = 0;
const REPLY: u8 = 1;
const BROADCAST: u8 = 2;

/// A frame that is no message.
#[derive(Debug, thiserror::Error)]
pub(super) enum Malformed {
    #[error("a binary frame of a kind that clients do not send")]
    Kind,
    #[error("a binary frame that ends before its payload")]
    Short,
    #[error("a binary frame with a name that is not UTF-8")]
    Utf8,
}

/// A name that does not fit into a binary frame, which has room for 255 bytes.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` is too long for a binary frame")]
pub(crate) struct TooLong(String);

/// Decodes a push, the one kind that clients send (ENC-1 to ENC-8).
pub(super) fn decode(frame: &Bytes) -> Result<Inbound<'_>, Malformed> {
    let [kind, sizes @ ..] = &**frame else {
        return Err(Malformed::Short);
    };
    if *kind != PUSH {
        return Err(Malformed::Kind);
    }
    let (sizes, mut rest) = sizes.split_at_checked(4).ok_or(Malformed::Short)?;
    let mut name = |size: u8| {
        let (name, behind) = rest.split_at_checked(size.into()).ok_or(Malformed::Short)?;
        rest = behind;
        str::from_utf8(name).map_err(|_| Malformed::Utf8)
    };
    // An array is evaluated in order.
    let [join_reference, reference, topic, event] = [
        name(sizes[0])?,
        name(sizes[1])?,
        name(sizes[2])?,
        name(sizes[3])?,
    ];
    // Nothing is how a binary frame says null.
    let reference_of = |text: &str| (!text.is_empty()).then(|| Reference::from_text(text));
    Ok(Inbound {
        join_reference: reference_of(join_reference),
        reference: reference_of(reference),
        topic: Cow::Borrowed(topic),
        event: Cow::Borrowed(event),
        payload: Payload::binary(frame.slice(frame.len() - rest.len()..)),
    })
}

/// Encodes a message with these bytes as its payload (ENC-1 to ENC-4).
pub(super) fn encode(message: &Outbound<'_>, bytes: &[u8]) -> Result<Vec<u8>, TooLong> {
    let join_reference = message.join_reference.map(Reference::text);
    let join_reference = join_reference.unwrap_or_default();
    let reference = message.reference.map(Reference::text).unwrap_or_default();
    let (topic, event) = (message.topic, message.event);
    match message.content {
        Content::Reply { status, .. } => {
            let names = [&*join_reference, &*reference, topic, status];
            frame(REPLY, &names, bytes)
        }
        Content::Broadcast(_) => frame(BROADCAST, &[topic, event], bytes),
        Content::Push(_) => frame(PUSH, &[&*join_reference, topic, event], bytes),
    }
}

fn frame(kind: u8, names: &[&str], bytes: &[u8]) -> Result<Vec<u8>, TooLong> {
    let length = names.iter().map(|name| name.len()).sum::<usize>();
    let mut frame = Vec::with_capacity(1 + names.len() + length + bytes.len());
    frame.push(kind);
    for name in names {
        let size = u8::try_from(name.len()).map_err(|_| TooLong((*name).to_owned()))?;
        frame.push(size);
    }
    for name in names {
        frame.extend_from_slice(name.as_bytes());
    }
    frame.extend_from_slice(bytes);
    Ok(frame)
}
