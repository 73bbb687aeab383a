//! The two ways in which a scenario talks to a server, with the frames in one form: JSON, or
//! `{"$hex": "00 ff"}` for bytes, or `{"$text": "..."}` for text that is no JSON.

use crate::{
    http::{self, Request},
    pattern::{bytes, hex},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::{Value, json};
use std::{
    collections::VecDeque,
    io::{ErrorKind, Write},
    net::{SocketAddr, TcpStream},
    time::{Duration, Instant},
};
use tungstenite::{
    Error, Message, WebSocket,
    protocol::{
        CloseFrame,
        frame::{
            Frame,
            coding::{Data, OpCode},
        },
    },
};

pub(crate) enum Client {
    WebSocket(Box<WebSocketClient>),
    Polling(Box<PollingClient>),
}

pub(crate) struct WebSocketClient {
    pub(crate) socket: WebSocket<TcpStream>,
    /// The code that the server has closed with; 1006 where it has closed without one.
    closed: Option<u16>,
}

pub(crate) struct PollingClient {
    pub(crate) address: SocketAddr,
    /// The path and the query string, without a token.
    pub(crate) target: String,
    pub(crate) token: String,
    pub(crate) token_in_header: bool,
    pub(crate) version_1: bool,
    pub(crate) unread: VecDeque<Value>,
    /// What the server has answered instead of messages: a status of its own in the body, or 0 where no
    /// answer came that could be read.
    pub(crate) ended: Option<u16>,
}

impl Client {
    pub(crate) fn websocket(socket: WebSocket<TcpStream>) -> Self {
        let closed = None;
        Self::WebSocket(Box::new(WebSocketClient { socket, closed }))
    }

    /// Sends frames, all at once where that is possible.
    pub(crate) fn send(&mut self, frames: &[Value]) {
        match self {
            Self::WebSocket(client) => client.send(frames),
            Self::Polling(client) => client.send(frames),
        }
    }

    /// The next frame; `None` if there is none within this time, or if the connection has ended.
    pub(crate) fn receive(&mut self, within: Duration) -> Option<Value> {
        match self {
            Self::WebSocket(client) => client.receive(within),
            Self::Polling(client) => client.receive(within),
        }
    }

    /// The code or status with which the connection has ended.
    pub(crate) fn closed(&self) -> Option<u16> {
        match self {
            Self::WebSocket(client) => client.closed,
            Self::Polling(client) => client.ended,
        }
    }

    /// A frame that has come and that nobody has asked for.
    pub(crate) fn left_over(&mut self) -> Option<Value> {
        match self {
            Self::WebSocket(client) => client.receive(Duration::from_millis(20)),
            Self::Polling(client) => client.unread.pop_front(),
        }
    }

    /// The connection as a WebSocket, which some steps need.
    pub(crate) fn as_websocket(&mut self) -> &mut WebSocketClient {
        match self {
            Self::WebSocket(client) => client,
            Self::Polling(_) => panic!("a client that polls has no WebSocket"),
        }
    }
}

impl WebSocketClient {
    fn send(&mut self, frames: &[Value]) {
        // A server that has closed already is noticed where its frames are expected.
        for frame in frames {
            let message = match (frame.get("$hex"), frame.get("$text")) {
                (Some(Value::String(hex)), _) => Message::binary(bytes(hex)),
                (_, Some(Value::String(text))) => Message::text(text),
                _ => Message::text(frame.to_string()),
            };
            self.socket.write(message).ok();
        }
        self.socket.flush().ok();
    }

    /// One text message in several frames, or one that is not UTF-8.
    pub(crate) fn send_parts(&mut self, parts: &[Vec<u8>]) {
        for (number, part) in parts.iter().enumerate() {
            let kind = if number == 0 {
                Data::Text
            } else {
                Data::Continue
            };
            let is_last = number + 1 == parts.len();
            let frame = Frame::message(part.clone(), OpCode::Data(kind), is_last);
            self.socket.send(Message::Frame(frame)).ok();
        }
    }

    pub(crate) fn send_raw(&mut self, bytes: &[u8]) {
        self.socket.get_mut().write_all(bytes).unwrap();
    }

    pub(crate) fn close(&mut self, code: u16) {
        let frame = CloseFrame {
            code: code.into(),
            reason: "".into(),
        };
        self.socket.close(Some(frame)).ok();
    }

    fn receive(&mut self, within: Duration) -> Option<Value> {
        let deadline = Instant::now() + within;
        while self.closed.is_none() {
            let left = deadline.saturating_duration_since(Instant::now());
            // No time at all would mean to wait for ever.
            let left = left.max(Duration::from_millis(1));
            self.socket.get_ref().set_read_timeout(Some(left)).unwrap();
            match self.socket.read() {
                Ok(Message::Text(text)) => return Some(parsed(&text)),
                Ok(Message::Binary(bytes)) => return Some(json!({"$hex": hex(&bytes)})),
                Ok(Message::Close(frame)) => {
                    self.closed = Some(frame.map_or(1005, |frame| frame.code.into()));
                }
                Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_)) => {}
                Err(Error::Io(error))
                    if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) =>
                {
                    if Instant::now() >= deadline {
                        return None;
                    }
                }
                Err(_) => self.closed = Some(1006),
            }
        }
        None
    }
}

impl PollingClient {
    fn request(&self, method: &str) -> Request {
        if self.token_in_header {
            Request::new(method, self.target.clone())
                .header("x-phoenix-longpoll-token", &self.token)
        } else {
            Request::new(method, format!("{}&token={}", self.target, self.token))
        }
    }

    fn send(&mut self, frames: &[Value]) {
        let requests = if self.version_1 {
            let texts = frames.iter().map(Value::to_string);
            texts.map(|text| ("application/json", text)).collect()
        } else {
            let lines: Vec<_> = frames.iter().map(line).collect();
            vec![("application/x-ndjson", lines.join("\n"))]
        };
        for (content_type, body) in requests {
            let request = self.request("POST").header("content-type", content_type);
            let answer = request.body(body).send(&mut http::connect(self.address));
            let body = answer.map(|answer| answer.body);
            assert_eq!(
                body.as_deref(),
                Some("{\"status\":200}"),
                "a publish failed"
            );
        }
    }

    /// Polls at least once.
    fn receive(&mut self, within: Duration) -> Option<Value> {
        let deadline = Instant::now() + within;
        while self.unread.is_empty() && self.ended.is_none() {
            self.poll();
            if Instant::now() >= deadline {
                break;
            }
        }
        self.unread.pop_front()
    }

    fn poll(&mut self) {
        let answer = self.request("GET").send(&mut http::connect(self.address));
        let body = answer.map(|answer| answer.body).unwrap_or_default();
        let answer: Value = serde_json::from_str(&body).unwrap_or_default();
        if let Value::String(token) = &answer["token"] {
            self.token.clone_from(token);
        }
        let messages = answer["messages"].as_array();
        match (answer["status"].as_u64(), messages) {
            (Some(200 | 204), Some(messages)) => {
                let texts = messages.iter().filter_map(Value::as_str);
                self.unread.extend(texts.map(parsed));
            }
            (status, _) => {
                let status = status.and_then(|status| u16::try_from(status).ok());
                self.ended = Some(status.unwrap_or(0));
            }
        }
    }
}

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| json!({ "$text": text }))
}

/// A frame as a line of a batch.
fn line(frame: &Value) -> String {
    match frame.get("$hex") {
        Some(Value::String(hex)) => BASE64_STANDARD.encode(bytes(hex)),
        _ => frame.to_string(),
    }
}
