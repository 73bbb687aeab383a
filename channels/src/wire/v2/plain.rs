//! Messages as clients write them: no white space, and names and references without escapes. Before `serde_json` has
//! found where each of these ends, it has done more than all of the rest takes.

use super::Inbound;
use crate::{
    message::{payload::Payload, reference::Reference},
    wire::json::is_plain,
};
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::v2::decode_any;

    const PLAIN: &[&str] = &[
        r#"["1","2","rooms:lobby","new:msg",{"body":"\"]"}]"#,
        r#"[null,"","phoenix","heartbeat",{}]"#,
        r#"["1",null,"","ünï:*","text"]"#,
        r#"["1","2","a","b",[1,{"c":null}] ]"#,
    ];

    const NOT_PLAIN: &[&str] = &[
        "",
        "[",
        "{}",
        r#"[ "1","2","a","b",{}]"#,
        r#"["1" ,"2","a","b",{}]"#,
        r#"["1","2","a","b",{}] "#,
        r#"["1","2","a","b",{},6]"#,
        r#"["1","2","a","b",{},{}]"#,
        r#"["1",2,"a","b",{}]"#,
        r#"[nul,"2","a","b",{}]"#,
        r#"["1",{},"a","b",{}]"#,
        r#"["1","2","\u0061","b",{}]"#,
        r#"["1","2","a\"","b",{}]"#,
        r#"["1","2",null,"b",{}]"#,
        r#"["1","2","a","b"]"#,
        r#"["1","2","a","b",]"#,
        r#"["1","2","a","b",{]"#,
        r#"["1","2","a","b",{}}"#,
        r#"["1","2","a","b","#,
        r#"["1","2","a","b"#,
        "[\"1\",\"2\",\"a\n\",\"b\",{}]",
    ];

    #[test]
    fn a_plain_message_is_what_serde_json_makes_of_it() {
        for text in PLAIN {
            let (plain, any) = (decode(text).unwrap(), decode_any(text).unwrap());
            assert_eq!(plain.join_reference, any.join_reference, "{text}");
            assert_eq!(plain.reference, any.reference, "{text}");
            assert_eq!((plain.topic, plain.event), (any.topic, any.event), "{text}");
            assert_eq!(plain.payload, any.payload, "{text}");
        }
    }

    #[test]
    fn anything_else_is_for_serde_json() {
        for text in NOT_PLAIN {
            assert!(decode(text).is_none(), "{text}");
        }
    }
}
