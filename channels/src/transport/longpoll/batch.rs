//! The frames that a request publishes.

use super::request::{Full, Request};
use crate::{
    close::CloseCode,
    message::bytes::{Bytes, Utf8Bytes},
    transport::Received,
    wire::Frame,
};
use base64::{Engine, prelude::BASE64_STANDARD};
use std::collections::VecDeque;

/// Lines of one request that are processed, as in Phoenix (LP-5).
const MAX_LINES: usize = 100;

/// Why a body publishes nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NoFrames {
    /// It is no text.
    NotText,
    /// There is no room for what its base64 stands for.
    NoRoom,
}

/// The frame that a body is, if not a batch: the whole of it.
pub(super) fn single(body: Vec<u8>) -> Result<Vec<Frame>, NoFrames> {
    let text = Utf8Bytes::try_from(body).map_err(|_| NoFrames::NotText)?;
    Ok(vec![Frame::Text(text)])
}

/// The frames of a batch: lines of text, or of bytes in base64. What is neither is left out. The text is
/// not copied; what is decoded counts for the request as well.
pub(super) fn batch(body: Vec<u8>, request: &Request) -> Result<Vec<Frame>, NoFrames> {
    let body = Bytes::from(body);
    let text = str::from_utf8(&body).map_err(|_| NoFrames::NotText)?;
    let lines = text.lines().filter(|line| !line.is_empty());
    let mut frames = Vec::new();
    for line in lines.take(MAX_LINES) {
        if line.starts_with('[') {
            let line = Utf8Bytes::try_from(body.slice_ref(line.as_bytes()));
            frames.extend(line.ok().map(Frame::Text));
            continue;
        }
        let kept = request.keep(line.len() / 4 * 3);
        kept.map_err(|Full| NoFrames::NoRoom)?;
        match BASE64_STANDARD.decode(line) {
            Ok(bytes) => frames.push(Frame::Binary(bytes.into())),
            Err(error) => log::debug!("dropped a line that is no frame: {error}"),
        }
    }
    Ok(frames)
}

/// Frames as a connection receives them.
pub(super) fn received(frames: Vec<Frame>, max_message_size: usize) -> VecDeque<Received> {
    let frames = frames.into_iter();
    let received = frames.map(|frame| {
        if frame.len() > max_message_size {
            Received::Violation(CloseCode::TooBig)
        } else {
            Received::Frame(frame)
        }
    });
    received.collect()
}
