use super::{CloseCode, Received, Timer, Transport};
use crate::{Config, Refused, wire::Frame};
use futures_util::{FutureExt, Stream, future::BoxFuture};
use std::{
    io,
    pin::{Pin, pin},
    task::{Context, Poll},
    time::{Duration, Instant},
};
use trillium::{Conn, KnownHeaderName, Method, Status, Version};
use trillium_server_common::Runtime;
use trillium_websockets::{
    Message, WebSocketConfig, WebSocketConn,
    tungstenite::{
        Error,
        error::ProtocolError,
        protocol::{CloseFrame, frame::coding::CloseCode as Code},
    },
};

pub(crate) struct WebSocket {
    conn: WebSocketConn,
}

/// What a connection needs of the WebSocket layer.
pub(crate) fn config(config: &Config) -> WebSocketConfig {
    let max_message_size = config.max_message_size;
    WebSocketConfig::default()
        .read_buffer_size(config.read_buffer)
        // How much is written at once is decided where frames are fed.
        .write_buffer_size(usize::MAX - 1)
        .max_message_size(Some(max_message_size))
        .max_frame_size(Some(max_message_size))
}

impl WebSocket {
    pub(crate) fn new(conn: WebSocketConn) -> Self {
        Self { conn }
    }

    fn feed(&mut self, message: Message) {
        // Ready at once, since the write buffer has no bound. An error shows again in the flush.
        if let Some(Err(error)) = self.conn.feed(message).now_or_never() {
            log::debug!("a frame was not written: {error}");
        }
    }
}

impl Transport for WebSocket {
    fn poll_receive(&mut self, cx: &mut Context<'_>) -> Poll<Received> {
        loop {
            let received = match Pin::new(&mut self.conn).poll_next(cx) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(None) => Received::Gone,
                Poll::Ready(Some(Ok(message))) => match message {
                    Message::Text(text) => Received::Frame(Frame::Text(text)),
                    Message::Binary(bytes) => Received::Frame(Frame::Binary(bytes)),
                    Message::Ping(_) | Message::Pong(_) | Message::Frame(_) => Received::Activity,
                    // The stream ends when the closing handshake is complete.
                    Message::Close(_) => continue,
                },
                Poll::Ready(Some(Err(error))) => received_error(&error),
            };
            return Poll::Ready(received);
        }
    }

    fn send(&mut self, frame: Frame) {
        self.feed(match frame {
            Frame::Text(text) => Message::Text(text),
            Frame::Binary(bytes) => Message::Binary(bytes),
        });
    }

    fn close(&mut self, code: CloseCode) {
        self.feed(Message::Close(Some(CloseFrame {
            code: Code::from(code.code()),
            reason: code.reason().into(),
        })));
    }

    fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flush = pin!(self.conn.flush());
        flush.poll(cx).map_err(io::Error::other)
    }
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
}

/// Why a request is no WebSocket handshake (HS-6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wrong {
    /// It does not want to be one.
    NotAsked,
    Version,
    Key,
}

impl Wrong {
    pub(crate) fn refusal(self) -> Refused {
        let refused = Refused::with_status(Status::BadRequest);
        match self {
            Self::NotAsked => {
                refused.body("this is a WebSocket: the request must ask for an upgrade")
            }
            Self::Version => refused
                .header(KnownHeaderName::SecWebsocketVersion, "13")
                .body("the version of WebSocket must be 13"),
            Self::Key => refused.body("the upgrade needs a Sec-WebSocket-Key"),
        }
    }
}

/// Looks at what a handshake needs before anybody is asked whether it may succeed.
pub(crate) fn check_handshake(conn: &Conn) -> Result<(), Wrong> {
    let headers = conn.request_headers();
    let needs_key = match (conn.http_version(), conn.method()) {
        (Version::Http1_1, Method::Get)
            if headers.eq_ignore_ascii_case(KnownHeaderName::Upgrade, "websocket") =>
        {
            true
        }
        (Version::Http2 | Version::Http3, Method::Connect) if is_websocket_connect(conn) => false,
        _ => return Err(Wrong::NotAsked),
    };
    if headers.get_str(KnownHeaderName::SecWebsocketVersion) != Some("13") {
        return Err(Wrong::Version);
    }
    if needs_key && !headers.has_header(KnownHeaderName::SecWebsocketKey) {
        return Err(Wrong::Key);
    }
    Ok(())
}

fn is_websocket_connect(conn: &Conn) -> bool {
    let http: &trillium_http::Conn<_> = conn.as_ref();
    http.protocol()
        .is_some_and(|protocol| protocol == "websocket")
}
