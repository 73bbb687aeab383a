mod io;
pub(crate) mod plain;
pub(crate) mod request;
mod unsent;

use super::{Received, Transport};
use crate::{
    clock::Timer, close::CloseCode, config::Config, message::bytes::Bytes, scratch::scratch,
    wire::Frame,
};
use futures_util::future::BoxFuture;
use io::Io;
use std::{
    io::{ErrorKind, Write as _},
    task::{Context, Poll, ready},
    time::{Duration, Instant},
};
use trillium::Upgrade;
use trillium_server_common::Runtime;
use trillium_websockets::{
    Message, Role, WebSocketConfig, WebSocketConn, WebSocketHandler,
    tungstenite::{
        Error,
        error::ProtocolError,
        protocol::{
            CloseFrame, WebSocketContext,
            frame::{
                FrameHeader,
                coding::{CloseCode as Code, Data, OpCode},
            },
        },
    },
};

/// Bytes that tungstenite has for each connection to put frames together in. It takes more for those
/// that are larger, and clears all of it for every read.
const BUFFER: usize = 256;

/// Frames from this size on are not copied to be written together with others, for which one call of the system more is
/// made.
const LARGE: usize = 32 * 1024;

/// What a message may have on the wire, for each of its bytes and besides: fragments have headers, and nobody means well
/// whose fragments are mostly headers.
const FRAGMENTED: usize = 2;
const FRAGMENTS: usize = 64 * 1024;

/// A message from this size on leaves a buffer behind that is worth giving back.
const LARGE_MESSAGE: usize = 16 * 1024;

/// What a connection needs of the WebSocket layer.
fn protocol(max_size: usize) -> WebSocketContext {
    let config = WebSocketConfig::default()
        .read_buffer_size(BUFFER)
        .max_message_size(Some(max_size))
        .max_frame_size(Some(max_size));
    WebSocketContext::new(Role::Server, Some(config))
}

/// A client's WebSocket, with nothing of the request that it began as. In this order, as its [`Io`] is.
#[repr(C)]
pub(crate) struct WebSocket {
    /// Of a message, in bytes.
    max_size: usize,
    /// tungstenite is open and not in the midst of anything, so that a plain message need not go through it.
    at_rest: bool,
    /// Nothing more can be read.
    ended: bool,
    /// Pings that the client has not answered.
    pinged: u16,
    /// What the buffer may have that tungstenite has grown for large messages, in bytes.
    buffer: usize,
    protocol: WebSocketContext,
    io: Io,
}

impl WebSocket {
    pub(crate) fn new(upgrade: Upgrade, config: &Config) -> Self {
        let (read, socket) = upgrade.into_transport();
        Self {
            io: Io::new(socket, read),
            protocol: protocol(config.max_message_size),
            buffer: 0,
            max_size: config.max_message_size,
            at_rest: true,
            ended: false,
            pinged: 0,
        }
    }

    fn read(&mut self) -> Poll<Received> {
        self.io.allow_part();
        loop {
            let message = match self.protocol.read(&mut self.io) {
                Ok(Message::Close(_)) => continue,
                Ok(message) => message,
                Err(Error::Io(error)) if error.kind() == ErrorKind::WouldBlock => {
                    return self.read_no_message();
                }
                Err(error) => return Poll::Ready(self.failed(&error)),
            };
            return Poll::Ready(self.made(message));
        }
    }

    /// tungstenite has no message for now.
    fn read_no_message(&mut self) -> Poll<Received> {
        let io = &mut self.io;
        let most = self.max_size.saturating_mul(FRAGMENTED);
        if io.taken() > most.saturating_add(FRAGMENTS) {
            self.ended = true;
            return Poll::Ready(Received::Violation(CloseCode::FragmentFlood));
        }
        if io.is_allowance_used_up() {
            return Poll::Ready(Received::Activity);
        }
        self.at_rest = self.protocol.can_write() && io.is_settled();
        self.give_buffer_back(0);
        Poll::Pending
    }

    fn made(&mut self, message: Message) -> Received {
        let length = wire_length(&message);
        let io = &mut self.io;
        match message {
            Message::Text(text) => {
                io.made_message(length);
                self.give_buffer_back(length);
                Received::Frame(Frame::Text(text))
            }
            Message::Binary(bytes) => {
                io.made_message(length);
                self.give_buffer_back(length);
                Received::Frame(Frame::Binary(bytes))
            }
            Message::Pong(_) if self.pinged > 0 => {
                io.made_control(length);
                self.pinged -= 1;
                Received::Activity
            }
            // What tungstenite answers it writes when it is read on.
            Message::Ping(_) | Message::Pong(_) | Message::Frame(_) | Message::Close(_) => {
                io.made_control(length);
                Received::Control
            }
        }
    }

    /// tungstenite has read a message of this length, and keeps the buffer that it has needed. As soon as it has nothing
    /// else in it, it gets another one.
    fn give_buffer_back(&mut self, length: usize) {
        // It grows to twice its size, or to what is needed if that is more.
        if length > self.buffer.max(LARGE_MESSAGE) {
            self.buffer = length.max(2 * self.buffer);
        }
        if self.buffer > 0 && self.io.is_settled() && self.protocol.can_write() {
            self.protocol = protocol(self.max_size);
            self.buffer = 0;
        }
    }

    fn failed(&mut self, error: &Error) -> Received {
        self.ended = true;
        received_error(error)
    }
}

impl Transport for WebSocket {
    fn poll_receive(&mut self, cx: &mut Context<'_>) -> Poll<Received> {
        if self.ended {
            return Poll::Ready(Received::Gone);
        }
        let io = &mut self.io;
        io.arm(cx.waker());
        let plain = if self.at_rest {
            ready!(io.poll_plain(self.max_size))
        } else if io.is_unasked() {
            ready!(io.poll_fill()).map(|()| None)
        } else {
            Ok(None)
        };
        match plain {
            Ok(Some(frame)) => Poll::Ready(Received::Frame(frame)),
            Ok(None) => {
                self.at_rest = false;
                self.read()
            }
            Err(error) => Poll::Ready(self.failed(&Error::Io(error))),
        }
    }

    fn is_unasked(&self) -> bool {
        self.io.is_unasked()
    }

    fn read_buffer(&self) -> usize {
        self.buffer.max(self.io.taken())
    }

    fn held(&self) -> usize {
        self.io.held()
    }

    /// Past tungstenite, which would copy every frame into a buffer of this connection.
    fn send(&mut self, frames: &mut dyn Iterator<Item = Frame>) {
        if !self.at_rest && !self.protocol.can_write() {
            log::debug!("frames were not written: the client has closed");
            return;
        }
        let io = &mut self.io;
        scratch(|bytes| {
            for frame in frames {
                let (data, kind): (Bytes, _) = match frame {
                    Frame::Text(text) => (text.into(), Data::Text),
                    Frame::Binary(bytes) => (bytes, Data::Binary),
                };
                let header = FrameHeader {
                    opcode: OpCode::Data(kind),
                    ..FrameHeader::default()
                };
                if let Err(error) = header.format(data.len() as u64, bytes) {
                    log::error!("a frame was not written: {error}");
                } else if data.len() < LARGE {
                    bytes.extend_from_slice(&data);
                } else {
                    io.send(bytes);
                    bytes.clear();
                    io.send_shared(&data);
                }
            }
            io.send(bytes);
        });
    }

    fn close(&mut self, code: CloseCode) {
        let frame = CloseFrame {
            code: Code::from(code.code()),
            reason: code.reason().into(),
        };
        self.at_rest = false;
        if let Err(error) = self.protocol.close(&mut self.io, Some(frame)) {
            log::debug!("a close frame was not written: {error}");
        }
    }

    fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        let io = &mut self.io;
        io.arm(cx.waker());
        // tungstenite keeps nothing back: all that it has written is there.
        match io.flush() {
            Ok(()) => Poll::Ready(Ok(())),
            Err(error) if error.kind() == ErrorKind::WouldBlock => Poll::Pending,
            Err(error) => Poll::Ready(Err(error)),
        }
    }

    fn unsent(&self) -> usize {
        self.io.unsent()
    }

    fn is_backed_up(&self) -> bool {
        self.io.is_backed_up()
    }

    fn ping(&mut self) -> std::io::Result<()> {
        if self.protocol.can_write() {
            self.pinged = self.pinged.saturating_add(1);
            self.io.send(&PING);
        }
        Ok(())
    }
}

/// A ping with nothing in it.
const PING: [u8; 2] = [0x89, 0];

/// What trillium-websockets makes of the request. What becomes of the socket is no matter of its own:
/// a connection keeps too much of the request, and a buffer besides the one that tungstenite has.
pub(crate) struct Handshake;

impl WebSocketHandler for Handshake {
    type OutboundStream = futures_util::stream::Pending<Message>;

    async fn connect(&self, _: WebSocketConn) -> Option<(WebSocketConn, Self::OutboundStream)> {
        None
    }
}

/// How many bytes a client's message is on the wire, if it comes in one frame; in several it is more.
fn wire_length(message: &Message) -> usize {
    let header = FrameHeader {
        mask: Some([0; 4]),
        ..FrameHeader::default()
    };
    header.len(message.len() as u64) + message.len()
}

fn received_error(error: &Error) -> Received {
    log::debug!("websocket error: {error}");
    match error {
        Error::Capacity(_) => Received::Violation(CloseCode::TooBig),
        Error::Utf8(_) => Received::Violation(CloseCode::InvalidText),
        // The client vanished without a word.
        Error::Protocol(ProtocolError::ResetWithoutClosingHandshake) => Received::Gone,
        Error::Protocol(_) => Received::Violation(CloseCode::Protocol),
        _ => Received::Gone,
    }
}

/// The clock of the server that the connection runs in.
#[derive(Debug)]
pub(crate) struct ServerTimer(pub(crate) Runtime);

impl Timer for ServerTimer {
    fn now(&self) -> Instant {
        Instant::now()
    }

    fn delay(&self, duration: Duration) -> BoxFuture<'static, ()> {
        let runtime = self.0.clone();
        Box::pin(async move { runtime.delay(duration).await })
    }

    fn spawn(&self, task: BoxFuture<'static, ()>) {
        self.0.spawn_detached(task);
    }
}
