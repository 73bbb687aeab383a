//! Messages as clients write them: no white space, and names and references without escapes. Before `serde_json` has
//! found where each of these ends, it has done more than all of the rest takes.

use super::Inbound;
use crate::{Payload, Reference, wire::json::is_plain};
use serde_json::value::RawValue;
use std::borrow::Cow;

/// What `serde_json` would make of the message, if it is a plain one.
pub(super) fn decode(text: &str) -> Option<Inbound<'_>> {
    let rest = text.strip_prefix('[')?;
    let (join_reference, rest) = reference(rest)?;
    let (reference, rest) = reference(rest)?;
    let (topic, rest) = name(rest)?;
    let (event, rest) = name(rest)?;
    let payload: &RawValue = serde_json::from_str(rest.strip_suffix(']')?).ok()?;
    Some(Inbound {
        join_reference,
        reference,
        topic: Cow::Borrowed(topic),
        event: Cow::Borrowed(event),
        payload: Payload::raw(payload),
    })
}

fn reference(text: &str) -> Option<(Option<Reference>, &str)> {
    if let Some(rest) = text.strip_prefix("null,") {
        return Some((None, rest));
    }
    let (name, rest) = name(text)?;
    let json = text.get(..name.len() + 2)?;
    Some((Some(Reference::new(json)), rest))
}

/// A string without its quotes, and what is behind its comma.
fn name(text: &str) -> Option<(&str, &str)> {
    let text = text.strip_prefix('"')?;
    let end = text.bytes().position(|byte| !is_plain(byte))?;
    let (name, rest) = text.split_at_checked(end)?;
    Some((name, rest.strip_prefix("\",")?))
}
