//! HTTP requests of a client that polls, whole or not.

use crate::server::{PATIENCE, Server};
use serde_json::{Value, json};
use std::{
    io::{self, Read, Write},
    net::{SocketAddr, TcpStream},
};

/// A session of a client that polls.
#[derive(Clone)]
pub(crate) struct Session {
    pub(crate) address: SocketAddr,
    pub(crate) path: String,
}

/// A request, of which the server may not have all.
pub(crate) struct Asked(pub(crate) TcpStream);

/// What a request was answered with.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Answer {
    /// The status of HTTP.
    pub(crate) http: u16,
    /// The status in the body, which is that of the protocol.
    pub(crate) status: u64,
    pub(crate) body: Value,
}

impl Session {
    pub(crate) fn open(server: &Server) -> Self {
        Self::try_open(server).unwrap()
    }

    /// # Errors
    ///
    /// The refusal.
    pub(crate) fn try_open(server: &Server) -> Result<Self, Answer> {
        let (address, path) = (server.address, "/socket/longpoll?vsn=2.0.0".to_owned());
        let new = Self { address, path };
        let answer = new.poll().answer().unwrap();
        match answer.body["token"].as_str() {
            Some(token) => Ok(Self {
                path: format!("{}&token={token}", new.path),
                ..new
            }),
            None => Err(answer),
        }
    }

    /// A session that has joined this topic, whose name is the reference, and has heard so.
    pub(crate) fn joined(server: &Server, topic: &str) -> Self {
        let session = Self::open(server);
        let join = json!([topic, topic, topic, "phx_join", {}]);
        assert_eq!(session.publish(&join).status, 200);
        assert_eq!(session.messages()[0][4]["status"], "ok");
        session
    }

    pub(crate) fn poll(&self) -> Asked {
        self.ask("GET", b"", 0)
    }

    /// The next messages.
    pub(crate) fn messages(&self) -> Vec<Value> {
        let answer = self.poll().answer().unwrap();
        let messages = answer.body["messages"].as_array().unwrap();
        let decode = |text: &Value| serde_json::from_str(text.as_str().unwrap()).unwrap();
        messages.iter().map(decode).collect()
    }

    /// Publishes one frame, as a whole.
    pub(crate) fn publish(&self, frame: &Value) -> Answer {
        self.post(frame.to_string().as_bytes()).answer().unwrap()
    }

    pub(crate) fn post(&self, body: &[u8]) -> Asked {
        self.ask("POST", body, body.len())
    }

    /// Sends a request whose body is to have this length, but of which only this part is sent. How much of it the
    /// server takes is nobody's business.
    pub(crate) fn ask(&self, method: &str, body: &[u8], length: usize) -> Asked {
        self.ask_with("", method, body, length)
    }

    /// Publishes the frames of these lines.
    pub(crate) fn batch(&self, lines: &str) -> Asked {
        let kind = "content-type: application/x-ndjson\r\n";
        self.ask_with(kind, "POST", lines.as_bytes(), lines.len())
    }

    fn ask_with(&self, headers: &str, method: &str, body: &[u8], length: usize) -> Asked {
        let mut stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.set_write_timeout(Some(PATIENCE)).unwrap();
        let head = format!(
            "{method} {} HTTP/1.1\r\nhost: {}\r\n{headers}content-length: {length}\r\n\r\n",
            self.path, self.address
        );
        let _ = stream.write_all(head.as_bytes());
        let _ = stream.write_all(body);
        Asked(stream)
    }
}

impl Asked {
    /// What the server answers.
    ///
    /// # Errors
    ///
    /// If it does not, but ends the connection or says nothing at all.
    pub(crate) fn answer(mut self) -> io::Result<Answer> {
        let mut bytes = Vec::new();
        loop {
            if let Some(answer) = parse(&bytes) {
                return Ok(answer);
            }
            let mut chunk = [0; 16 * 1024];
            match self.0.read(&mut chunk)? {
                0 => return Err(io::ErrorKind::UnexpectedEof.into()),
                read => bytes.extend(&chunk[..read]),
            }
        }
    }
}

/// The answer, if it is there as a whole.
fn parse(bytes: &[u8]) -> Option<Answer> {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
    let (head, body) = (str::from_utf8(&bytes[..end]).unwrap(), &bytes[end + 4..]);
    let http = head.split(' ').nth(1)?.parse().ok()?;
    let field = |line: &str| {
        let (name, value) = line.split_once(':')?;
        let is_it = name.eq_ignore_ascii_case("content-length");
        is_it.then(|| value.trim().parse::<usize>().unwrap())
    };
    let length = head.lines().find_map(field).unwrap_or(0);
    let body: Value = match body.get(..length)? {
        [] => Value::Null,
        body => serde_json::from_slice(body).unwrap(),
    };
    let status = body["status"].as_u64().unwrap_or_default();
    Some(Answer { http, status, body })
}
