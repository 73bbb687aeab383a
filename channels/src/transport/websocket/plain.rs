//! The messages that most frames are. What they need of tungstenite is how a header is read; its buffer, its
//! account of fragments and its answers to control frames cost as much as all that becomes of a message.

use crate::{
    message::bytes::{Bytes, Utf8Bytes},
    wire::Frame,
};
use std::io::Cursor;
use trillium_websockets::tungstenite::protocol::frame::{
    FrameHeader,
    coding::{Data, OpCode},
};

/// The message that the bytes begin with, and how many of them it is. Only if it is one frame which is all there and
/// breaks no rule; for anything else there is tungstenite.
pub(crate) fn message(bytes: &[u8], max_size: usize) -> Option<(Frame, usize)> {
    let mut cursor = Cursor::new(bytes);
    let (header, length) = FrameHeader::parse(&mut cursor).ok()??;
    let is_text = match header.opcode {
        OpCode::Data(Data::Text) => true,
        OpCode::Data(Data::Binary) => false,
        OpCode::Data(_) | OpCode::Control(_) => return None,
    };
    if !header.is_final || header.rsv1 || header.rsv2 || header.rsv3 {
        return None;
    }
    let begin = usize::try_from(cursor.position()).ok()?;
    let length = usize::try_from(length).ok()?;
    let end = begin.checked_add(length)?;
    let masked = bytes.get(begin..end).filter(|_| length <= max_size)?;
    let payload = Bytes::from(unmasked(masked, header.mask?));
    let frame = if is_text {
        Frame::Text(Utf8Bytes::try_from(payload).ok()?)
    } else {
        Frame::Binary(payload)
    };
    Some((frame, end))
}

fn unmasked(masked: &[u8], mask: [u8; 4]) -> Vec<u8> {
    let mut payload = masked.to_vec();
    let (words, rest) = payload.as_chunks_mut();
    for word in words {
        *word = (u32::from_ne_bytes(*word) ^ u32::from_ne_bytes(mask)).to_ne_bytes();
    }
    for (byte, mask) in rest.iter_mut().zip(mask) {
        *byte ^= mask;
    }
    payload
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;
    use trillium_websockets::{
        Message, Role,
        tungstenite::{
            WebSocket,
            protocol::frame::{self, coding::Control},
        },
    };

    const MAX_SIZE: usize = 300;

    fn by_tungstenite(bytes: Vec<u8>) -> Message {
        let mut socket = WebSocket::from_raw_socket(Cursor::new(bytes), Role::Server, None);
        socket.read().unwrap()
    }

    fn header(opcode: OpCode) -> FrameHeader {
        FrameHeader {
            opcode,
            mask: Some([1, 0x80, 0, 0xff]),
            ..FrameHeader::default()
        }
    }

    fn wire(header: FrameHeader, payload: &[u8]) -> Vec<u8> {
        let frame = frame::Frame::from_payload(header, payload.to_vec().into());
        let mut bytes = Vec::new();
        frame.format(&mut bytes).unwrap();
        bytes
    }

    #[test]
    fn a_plain_message_is_what_tungstenite_makes_of_it() {
        for opcode in [Data::Text, Data::Binary] {
            for length in [0, 1, 3, 4, 5, 125, 126, MAX_SIZE] {
                let payload: Vec<u8> = (b'!'..=b'~').cycle().take(length).collect();
                let bytes = wire(header(OpCode::Data(opcode)), &payload);
                let (frame, taken) = message(&bytes, MAX_SIZE).unwrap();
                assert_eq!(taken, bytes.len());
                let expected = match frame {
                    Frame::Text(text) => Message::Text(text),
                    Frame::Binary(bytes) => Message::Binary(bytes),
                };
                assert_eq!(by_tungstenite(bytes), expected, "{length}");
            }
        }
    }

    #[test]
    fn what_comes_behind_it_is_not_taken() {
        let mut bytes = wire(header(OpCode::Data(Data::Text)), b"one");
        let length = bytes.len();
        bytes.extend(wire(header(OpCode::Data(Data::Text)), b"two"));
        let one = Frame::Text("one".into());
        assert_eq!(message(&bytes, MAX_SIZE), Some((one, length)));
    }

    #[test]
    fn anything_else_is_for_tungstenite() {
        let text = header(OpCode::Data(Data::Text));
        let whole = wire(text.clone(), b"text");
        for length in 0..whole.len() {
            assert_eq!(message(&whole[..length], MAX_SIZE), None, "{length} bytes");
        }
        let fragment = FrameHeader {
            is_final: false,
            ..text.clone()
        };
        let unmasked = FrameHeader {
            mask: None,
            ..text.clone()
        };
        let reserved = |rsv1, rsv2, rsv3| FrameHeader {
            rsv1,
            rsv2,
            rsv3,
            ..text.clone()
        };
        for (header, payload) in [
            (fragment, "text".as_bytes()),
            (unmasked, b"text"),
            (reserved(true, false, false), b"text"),
            (reserved(false, true, false), b"text"),
            (reserved(false, false, true), b"text"),
            (header(OpCode::Data(Data::Continue)), b"text"),
            (header(OpCode::Control(Control::Ping)), b""),
            (header(OpCode::Control(Control::Pong)), b""),
            (header(OpCode::Control(Control::Close)), b""),
            (header(OpCode::Data(Data::Reserved(3))), b""),
            (text.clone(), b"\xff\xfe"),
            (text.clone(), &[b'x'; MAX_SIZE + 1]),
        ] {
            let bytes = wire(header.clone(), payload);
            assert_eq!(message(&bytes, MAX_SIZE), None, "{header:?}");
        }
    }
}
