//! What the targets in `fuzz/` call: the decoders with any input, and what must hold of the result.

#![allow(
    missing_docs,
    clippy::missing_panics_doc,
    clippy::unwrap_used,
    reason = "a panic is what a fuzzer looks for"
)]

use crate::{
    admission::{params, subprotocol},
    message::{payload::Payload, reference::Reference},
    topic::{Router, Shape, capture_str, rest_str},
    transport::websocket::plain,
    wire::{Content, Frame, Inbound, Outbound, Serializer},
};
use serde_json::{Map, Value, value::RawValue};
use std::{collections::HashMap, io::Cursor};
use trillium_websockets::{Message, Role, tungstenite::WebSocket};

/// A text frame of version 1.
pub fn v1(text: &str) {
    text_frame(Serializer::V1, text);
}

/// A text frame of version 2: what is decoded at once as a plain message is decoded alike where white space keeps it
/// from being one.
pub fn v2(text: &str) {
    text_frame(Serializer::V2, text);
    if let Some(rest) = text.strip_prefix('[') {
        let decoded = |text: &str| {
            let frame = Frame::Text(text.into());
            Serializer::V2.decode(&frame).ok().map(parts)
        };
        assert_eq!(decoded(text), decoded(&format!("[ {rest}")));
    }
}

type Parts = (
    Option<Reference>,
    Option<Reference>,
    String,
    String,
    Payload,
);

fn parts(inbound: Inbound<'_>) -> Parts {
    let (topic, event) = (inbound.topic.into_owned(), inbound.event.into_owned());
    let (join_reference, reference) = (inbound.join_reference, inbound.reference);
    (join_reference, reference, topic, event, inbound.payload)
}

/// What comes from a socket: a message that is taken past tungstenite is what tungstenite makes of the same bytes.
pub fn websocket(bytes: &[u8]) {
    const MAX_SIZE: usize = 1000;
    let Some((frame, length)) = plain::message(bytes, MAX_SIZE) else {
        return;
    };
    let stream = Cursor::new(bytes[..length].to_vec());
    let mut socket = WebSocket::from_raw_socket(stream, Role::Server, None);
    let message = match frame {
        Frame::Text(text) => Message::Text(text),
        Frame::Binary(bytes) => Message::Binary(bytes),
    };
    assert!(message.len() <= MAX_SIZE);
    assert_eq!(socket.read().unwrap(), message);
}

/// What decodes is answered with the references that it came with.
fn text_frame(serializer: Serializer, text: &str) {
    let frame = Frame::Text(text.into());
    let Ok(inbound) = serializer.decode(&frame) else {
        return;
    };
    let decoded: Result<Value, _> = inbound.payload.decode();
    let Frame::Text(answer) = serializer.encode(&reply(&inbound)).unwrap() else {
        panic!("a JSON payload makes a text frame");
    };
    // Byte for byte: a reference may be a number that nobody can calculate with.
    let reference = match serializer {
        Serializer::V1 => {
            let answer: HashMap<&str, &RawValue> = serde_json::from_str(&answer).unwrap();
            answer["ref"]
        }
        Serializer::V2 => {
            let answer: Vec<&RawValue> = serde_json::from_str(&answer).unwrap();
            answer[1]
        }
    };
    let sent = inbound
        .reference
        .as_ref()
        .map_or("null", Reference::as_json);
    assert_eq!(reference.get(), sent);
    drop(decoded);
}

fn reply<'a>(inbound: &'a Inbound<'_>) -> Outbound<'a> {
    outbound(
        inbound,
        Content::Reply {
            status: "ok",
            response: &inbound.payload,
        },
    )
}

fn outbound<'a>(inbound: &'a Inbound<'_>, content: Content<'a>) -> Outbound<'a> {
    Outbound {
        join_reference: inbound.join_reference.as_ref(),
        reference: inbound.reference.as_ref(),
        topic: &inbound.topic,
        event: &inbound.event,
        content,
    }
}

/// A binary frame: what decodes can be sent on, with the same names and bytes.
pub fn binary(bytes: &[u8]) {
    let frame = Frame::Binary(bytes.to_vec().into());
    let Ok(inbound) = Serializer::V2.decode(&frame) else {
        return;
    };
    let payload: &Payload = &inbound.payload;
    let text = |reference: &Option<Reference>| {
        let reference = reference.as_ref();
        reference
            .map(|reference| reference.text().into_owned())
            .unwrap_or_default()
    };
    let (join, own) = (text(&inbound.join_reference), text(&inbound.reference));
    let (topic, event) = (&*inbound.topic, &*inbound.event);
    for (message, kind, names) in [
        (reply(&inbound), 1, vec![&*join, &*own, topic, "ok"]),
        (
            outbound(&inbound, Content::Push(payload)),
            0,
            vec![&*join, topic, event],
        ),
        (
            outbound(&inbound, Content::Broadcast(payload)),
            2,
            vec![topic, event],
        ),
    ] {
        let Frame::Binary(sent) = Serializer::V2.encode(&message).unwrap() else {
            panic!("bytes make a binary frame");
        };
        assert_eq!(sent[0], kind);
        let mut rest = &sent[1 + names.len()..];
        for (size, name) in sent[1..].iter().zip(names) {
            let (read, behind) = rest.split_at(usize::from(*size));
            assert_eq!(read, name.as_bytes());
            rest = behind;
        }
        assert_eq!(Some(rest), payload.as_binary());
    }
}

/// A topic: the router finds the patterns that match it, and no others, and its captures are parts of
/// the topic.
pub fn topic(router: &'static Router, topic: &str) {
    let routes = router.routes(topic);
    let found: Vec<_> = routes
        .matching()
        .iter()
        .map(|&number| usize::from(number))
        .collect();
    let patterns = router.patterns().iter().enumerate();
    let expected: Vec<_> = patterns
        .filter(|(_, pattern)| matches(pattern.shape, topic))
        .map(|(number, _)| number)
        .collect();
    // A topic that cannot be joined has no routes at all.
    let is_joined = expected
        .iter()
        .any(|&number| router.patterns()[number].join);
    assert_eq!(
        found,
        if is_joined { expected } else { Vec::new() },
        "{topic}"
    );
    for position in 0..4 {
        let parts = [capture_str(topic, position), rest_str(topic, position)];
        assert!(parts.into_iter().flatten().all(|part| topic.contains(part)));
    }
}

/// The rules of patterns once more, as simple as they can be.
fn matches(shape: &[Shape], topic: &str) -> bool {
    match (shape.split_first(), topic.split_once(':')) {
        (Some((Shape::Rest, _)), _) => true,
        (Some((Shape::Prefix(prefix), _)), _) => topic.starts_with(prefix.0),
        (Some((first, [])), None) => fits(first, topic),
        (Some((first, shape)), Some((segment, topic))) => {
            fits(first, segment) && !shape.is_empty() && matches(shape, topic)
        }
        _ => false,
    }
}

fn fits(shape: &Shape, segment: &str) -> bool {
    match shape {
        Shape::Literal(text) => *text == segment,
        Shape::Capture => !segment.is_empty(),
        Shape::Prefix(_) | Shape::Rest => false,
    }
}

/// A query string: what comes of it is no larger than it, and not deep.
pub fn query(text: &str) {
    let params = params::parse(text);
    let (bytes, depth) = measure(&params);
    assert!(depth <= 20, "{depth} deep");
    // A byte that is no UTF-8 becomes a character of three.
    assert!(bytes <= 3 * text.len(), "{bytes} bytes of {}", text.len());
}

fn measure(members: &Map<String, Value>) -> (usize, usize) {
    members.iter().fold((0, 0), |(bytes, depth), (key, value)| {
        let (inner, below) = measure_value(value);
        (bytes + key.len() + inner, depth.max(below + 1))
    })
}

fn measure_value(value: &Value) -> (usize, usize) {
    match value {
        Value::String(text) => (text.len(), 0),
        Value::Object(members) => measure(members),
        Value::Array(elements) => elements.iter().fold((0, 0), |(bytes, depth), value| {
            let (inner, below) = measure_value(value);
            (bytes + inner, depth.max(below + 1))
        }),
        _ => (0, 0),
    }
}

/// An offer of subprotocols with a token among them: what is chosen was offered.
pub fn token(offer: &str) {
    let protocols = ["chat.v1".to_owned()];
    if let Ok(negotiated) =
        subprotocol::negotiate(offer.split(',').map(str::trim), &protocols, true)
    {
        let protocol = negotiated.protocol.as_deref();
        assert!(protocol.is_none_or(|name| offer.split(',').any(|other| other.trim() == name)));
    }
}
