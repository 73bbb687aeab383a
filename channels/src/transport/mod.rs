//! Where frames come from and go to. Knows nothing of topics.

pub(crate) mod handshake;
pub(crate) mod longpoll;
pub(crate) mod websocket;

use crate::{close::CloseCode, wire::Frame};
use std::{
    io,
    task::{Context, Poll},
};

/// A stream of frames from a client and a sink of frames to it.
pub(crate) trait Transport: Send + Unpin + 'static {
    /// The next thing that comes from the client.
    fn poll_receive(&mut self, cx: &mut Context<'_>) -> Poll<Received>;

    /// Whether the last [`poll_receive`](Self::poll_receive) was pending without having asked the socket,
    /// so that nobody is woken before it is polled once more: what has come is answered before the client
    /// is asked for more.
    fn is_unasked(&self) -> bool {
        false
    }

    /// How many bytes the buffer has that it puts large messages together in.
    fn read_buffer(&self) -> usize {
        0
    }

    /// How many bytes it keeps of what has come and nobody has received, and of what it was given and has not written.
    fn held(&self) -> usize {
        0
    }

    /// Takes frames, to be written by [`poll_flush`](Self::poll_flush) at the latest.
    fn send(&mut self, frames: &mut dyn Iterator<Item = Frame>);

    /// Takes a close frame, likewise. No frames after it.
    fn close(&mut self, code: CloseCode);

    /// Ready when all that was taken has been written; an error means that the client is gone.
    fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>>;

    /// Bytes that were taken and are not written yet.
    fn unsent(&self) -> usize {
        0
    }

    /// Whether the client does not take the answers that the transport itself gives it: nothing more is
    /// to be read before it does.
    fn is_backed_up(&self) -> bool {
        false
    }

    /// Takes a sign of life for the client, to be written likewise: if the client is gone, that fails.
    ///
    /// # Errors
    ///
    /// If the client is known to be gone already.
    fn ping(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[derive(Debug)]
pub(crate) enum Received {
    Frame(Frame),
    /// A sign of life that carries nothing: a part of a message, or the answer to a ping.
    Activity,
    /// A ping or a pong that nobody has asked for.
    Control,
    /// The client broke the rules of the transport.
    Violation(CloseCode),
    Gone,
}
