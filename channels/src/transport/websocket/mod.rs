mod io;
pub(crate) mod plain;
pub(crate) mod request;

use super::{CloseCode, Received, Timer, Transport};
use crate::{Config, scratch::scratch, wire::Frame};
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
        self, Error,
        error::ProtocolError,
        protocol::{
            CloseFrame,
            frame::{
                self, FrameHeader,
                coding::{CloseCode as Code, Data, OpCode},
            },
        },
    },
};

/// Bytes that tungstenite has for each connection to put frames together in. It takes more for those
/// that are larger, and clears all of it for every read.
const BUFFER: usize = 256;

/// What a connection needs of the WebSocket layer.
fn protocol(config: &Config) -> WebSocketConfig {
    WebSocketConfig::default()
        .read_buffer_size(BUFFER)
        .max_message_size(Some(config.max_message_size))
        .max_frame_size(Some(config.max_message_size))
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
    socket: tungstenite::WebSocket<Io>,
}

impl WebSocket {
    pub(crate) fn new(upgrade: Upgrade, config: &Config) -> Self {
        let (read, socket) = upgrade.into_transport();
        let (io, protocol) = (Io::new(socket, read), protocol(config));
        Self {
            socket: tungstenite::WebSocket::from_raw_socket(io, Role::Server, Some(protocol)),
            max_size: config.max_message_size,
            at_rest: true,
            ended: false,
        }
    }

    fn read(&mut self) -> Poll<Received> {
        loop {
            let message = match self.socket.read() {
                Ok(message) => message,
                Err(Error::Io(error)) if error.kind() == ErrorKind::WouldBlock => {
                    self.at_rest = self.socket.can_write() && self.socket.get_ref().is_settled();
                    return Poll::Pending;
                }
                Err(error) => return Poll::Ready(self.failed(&error)),
            };
            self.socket.get_mut().made(wire_length(&message));
            return Poll::Ready(match message {
                Message::Text(text) => Received::Frame(Frame::Text(text)),
                Message::Binary(bytes) => Received::Frame(Frame::Binary(bytes)),
                // What tungstenite answers it writes when it is read on.
                Message::Ping(_) | Message::Pong(_) | Message::Frame(_) => Received::Activity,
                Message::Close(_) => continue,
            });
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
        let io = self.socket.get_mut();
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
        self.socket.get_ref().is_unasked()
    }

    fn held(&self) -> usize {
        self.socket.get_ref().held()
    }

    /// Past tungstenite, which would copy every frame into a buffer of this connection.
    fn send(&mut self, frames: &mut dyn Iterator<Item = Frame>) {
        if !self.at_rest && !self.socket.can_write() {
            log::debug!("frames were not written: the client has closed");
            return;
        }
        scratch(|bytes| {
            for frame in frames {
                let (data, kind) = match frame {
                    Frame::Text(text) => (text.into(), Data::Text),
                    Frame::Binary(bytes) => (bytes, Data::Binary),
                };
                let frame = frame::Frame::message(data, OpCode::Data(kind), true);
                if let Err(error) = frame.format(bytes) {
                    log::error!("a frame was not written: {error}");
                }
            }
            self.socket.get_mut().send(bytes);
        });
    }

    fn close(&mut self, code: CloseCode) {
        let frame = CloseFrame {
            code: Code::from(code.code()),
            reason: code.reason().into(),
        };
        self.at_rest = false;
        if let Err(error) = self.socket.close(Some(frame)) {
            log::debug!("a close frame was not written: {error}");
        }
    }

    fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        let io = self.socket.get_mut();
        io.arm(cx.waker());
        // tungstenite keeps nothing back: all that it has written is there.
        match io.flush() {
            Ok(()) => Poll::Ready(Ok(())),
            Err(error) if error.kind() == ErrorKind::WouldBlock => Poll::Pending,
            Err(error) => Poll::Ready(Err(error)),
        }
    }
}

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
