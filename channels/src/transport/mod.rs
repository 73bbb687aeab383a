//! Where frames come from and go to. Knows nothing of topics.

pub(crate) mod handshake;
pub(crate) mod longpoll;
mod origin;
pub(crate) mod params;
pub(crate) mod subprotocol;
pub(crate) mod websocket;

pub(crate) use origin::{Hosts, Target};
pub use origin::{OriginFunction, OriginList, OriginPolicy};

use crate::wire::Frame;
use futures_util::future::BoxFuture;
use std::{
    fmt, io,
    task::{Context, Poll},
    time::{Duration, Instant},
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

/// Why this side closes. phoenix.js takes 1000 for "stay away", so none but that has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CloseCode {
    /// The application does not want this client any more.
    StayAway,
    /// The application wants the client to connect anew.
    Disconnected,
    /// Nothing came from the client for too long.
    Idle,
    /// A violation of the WebSocket protocol.
    Protocol,
    /// Text that is not UTF-8.
    InvalidText,
    /// Too many control frames.
    ControlFlood,
    /// A message in too many fragments.
    FragmentFlood,
    /// A message above the limit.
    TooBig,
    /// Too many frames in a row that do not decode.
    Malformed,
    /// Something panicked that should not have.
    Crash,
    /// The server shuts down.
    Restart,
    /// The client does not keep up.
    Overflow,
    /// The client takes nothing at all.
    Stalled,
}

impl CloseCode {
    pub(crate) fn code(self) -> u16 {
        match self {
            Self::StayAway => 1000,
            Self::Disconnected => 1001,
            Self::Idle | Self::Protocol => 1002,
            Self::InvalidText => 1007,
            Self::ControlFlood | Self::FragmentFlood => 1008,
            Self::TooBig => 1009,
            Self::Malformed | Self::Crash => 1011,
            Self::Restart => 1012,
            Self::Overflow | Self::Stalled => 1013,
        }
    }

    /// Whether the client broke the rules of the transport, so that what more it sends is not waited for.
    pub(crate) fn is_violation(self) -> bool {
        matches!(
            self,
            Self::Protocol
                | Self::InvalidText
                | Self::TooBig
                | Self::ControlFlood
                | Self::FragmentFlood
        )
    }

    pub(crate) fn reason(self) -> &'static str {
        match self {
            Self::StayAway | Self::Disconnected => "disconnected",
            Self::Idle => "idle",
            Self::Protocol => "protocol error",
            Self::InvalidText => "text is not UTF-8",
            Self::ControlFlood => "too many control frames",
            Self::FragmentFlood => "too many fragments",
            Self::TooBig => "message too big",
            Self::Malformed => "too many malformed messages",
            Self::Crash => "internal error",
            Self::Restart => "server is shutting down",
            Self::Overflow | Self::Stalled => "too slow",
        }
    }
}

/// The runtime that a connection lives on: its clock, and tasks besides the connection's own.
pub(crate) trait Timer: fmt::Debug + Send + Sync + 'static {
    fn now(&self) -> Instant;

    fn delay(&self, duration: Duration) -> BoxFuture<'static, ()>;

    /// Runs a task to its end. Can be called from any thread.
    fn spawn(&self, task: BoxFuture<'static, ()>);
}
