//! A connection that can send any bytes at all.

use crate::{
    frame::text,
    server::{PATIENCE, Server},
};
use serde_json::Value;
use std::{
    io::{self, BufRead, BufReader, Write},
    net::{Shutdown, TcpStream},
    time::Duration,
};
use tungstenite::{Error, Message, WebSocket, protocol::Role};

/// Past its WebSocket handshake, which was in order.
pub(crate) struct Attacker {
    stream: TcpStream,
    /// Reads what the server sends.
    websocket: WebSocket<TcpStream>,
}

/// How the server has ended a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ended {
    /// With a close frame of this code.
    Closed(u16),
    /// With one that tells of a panic: its code alone may have other reasons.
    Crashed,
    /// Without a word.
    Broken,
}

impl Attacker {
    pub(crate) fn connect(server: &Server) -> Self {
        Self::try_connect(server).unwrap()
    }

    /// # Errors
    ///
    /// If the connection breaks, or the server does not want it.
    pub(crate) fn try_connect(server: &Server) -> io::Result<Self> {
        Self::try_connect_within(server, PATIENCE)
    }

    /// The same for somebody who does not wait long for the answer.
    ///
    /// # Errors
    ///
    /// Likewise, or if there is no answer in this time.
    pub(crate) fn try_connect_within(server: &Server, patience: Duration) -> io::Result<Self> {
        let mut stream = TcpStream::connect(server.address)?;
        stream.set_read_timeout(Some(patience))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        let head = format!(
            "GET /socket/websocket?vsn=2.0.0 HTTP/1.1\r\nhost: {}\r\nconnection: upgrade\r\n\
             upgrade: websocket\r\nsec-websocket-version: 13\r\n\
             sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
            server.address
        );
        stream.write_all(head.as_bytes())?;
        // Unbuffered but for the head: the server says nothing before it is asked.
        let mut lines = BufReader::with_capacity(1, stream.try_clone()?);
        let mut line = String::new();
        lines.read_line(&mut line)?;
        if !line.contains(" 101 ") {
            return Err(io::Error::other(line));
        }
        while line != "\r\n" {
            line.clear();
            lines.read_line(&mut line)?;
        }
        stream.set_read_timeout(Some(PATIENCE))?;
        let websocket = WebSocket::from_raw_socket(stream.try_clone()?, Role::Client, None);
        Ok(Self { stream, websocket })
    }

    /// Another end of the same connection, to read while this one sends.
    pub(crate) fn reader(&self) -> Self {
        let stream = || self.stream.try_clone().unwrap();
        Self {
            stream: stream(),
            websocket: WebSocket::from_raw_socket(stream(), Role::Client, None),
        }
    }

    pub(crate) fn stream(&self) -> &TcpStream {
        &self.stream
    }

    /// Sends these bytes, as far as the server takes them.
    ///
    /// # Errors
    ///
    /// If the connection has ended.
    pub(crate) fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.stream.write_all(bytes)
    }

    /// Sends a message of the protocol.
    ///
    /// # Errors
    ///
    /// If the connection has ended.
    pub(crate) fn push(&mut self, message: &Value) -> io::Result<()> {
        self.send(&text(&message.to_string()))
    }

    /// The next message of the protocol.
    ///
    /// # Errors
    ///
    /// If the connection has ended before there is one.
    pub(crate) fn receive(&mut self) -> Result<Value, Ended> {
        loop {
            match self.websocket.read() {
                Ok(Message::Text(text)) => return Ok(serde_json::from_str(&text).unwrap()),
                Ok(Message::Close(frame)) => {
                    return Err(match frame {
                        None => Ended::Broken,
                        Some(frame) if frame.reason == "internal error" => Ended::Crashed,
                        Some(frame) => Ended::Closed(frame.code.into()),
                    });
                }
                Ok(_) => {}
                Err(Error::Io(error)) if error.kind() == io::ErrorKind::WouldBlock => {
                    panic!("the server neither answers nor closes")
                }
                Err(_) => return Err(Ended::Broken),
            }
        }
    }

    /// Reads on until the server has ended the connection.
    pub(crate) fn ended(&mut self) -> Ended {
        loop {
            if let Err(ended) = self.receive() {
                return ended;
            }
        }
    }

    /// Joins a topic, with its name as the reference.
    pub(crate) fn join(&mut self, topic: &str) {
        let join = serde_json::json!([topic, topic, topic, "phx_join", {}]);
        self.push(&join).unwrap();
        let reply = self.receive().unwrap();
        assert_eq!(reply[4]["status"], "ok", "{reply}");
    }

    /// Sends no more, though it may go on reading.
    pub(crate) fn finish(&self) {
        // The server may have been faster.
        let _ = self.stream.shutdown(Shutdown::Write);
    }
}
