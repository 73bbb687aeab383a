//! The messages that most frames are. What they need of tungstenite is how a header is read; its buffer, its
//! account of fragments and its answers to control frames cost as much as all that becomes of a message.

use crate::wire::{Bytes, Frame, Utf8Bytes};
use std::io::Cursor;
use trillium_websockets::tungstenite::protocol::frame::{
    FrameHeader,
    coding::{Data, OpCode},
};

/// The message that the bytes begin with, and how many of them it is. Only if it is one frame which is all there and
/// breaks no rule; for anything else there is tungstenite.
pub(super) fn message(bytes: &[u8], max_size: usize) -> Option<(Frame, usize)> {
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
