//! Plain HTTP/1.1 over a socket: requests as odd as a scenario wants them.

use crate::{
    pattern::Names,
    scenario::{Http, Response},
};
use serde_json::{Value, json};
use std::{
    collections::HashMap,
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

/// What a server has answered. Names of headers are in lower case.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HashMap<String, String>,
    pub(crate) body: String,
}

/// A request, ready to be sent.
pub(crate) struct Request {
    method: String,
    target: String,
    headers: Vec<(String, String)>,
    body: String,
}

impl Request {
    pub(crate) fn new(method: &str, target: String) -> Self {
        Self {
            method: method.to_owned(),
            target,
            headers: Vec::new(),
            body: String::new(),
        }
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        let is_other = |(other, _): &(String, String)| !other.eq_ignore_ascii_case(name);
        self.headers.retain(is_other);
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn without(mut self, name: &str) -> Self {
        self.headers
            .retain(|(other, _)| !other.eq_ignore_ascii_case(name));
        self
    }

    pub(crate) fn body(self, body: String) -> Self {
        Self { body, ..self }
    }

    /// The request of an `http` step.
    pub(crate) fn of(step: &Http, vsn: &str, names: &Names) -> Self {
        let mount = step.mount.as_deref().unwrap_or("/socket");
        let mut query = query(&names.expand(&Value::Object(step.query.clone())));
        let vsn = step.vsn.as_deref().or(step.use_vsn.then_some(vsn));
        query.extend(vsn.map(|vsn| format!("vsn={}", encoded(vsn))));
        let target = format!("{mount}{}?{}", step.path, query.join("&"));
        let mut request = Self::new(step.method.as_deref().unwrap_or("GET"), target);
        if step.upgrade {
            request = request
                .header("connection", "Upgrade")
                .header("upgrade", "websocket")
                .header("sec-websocket-version", "13")
                .header("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==");
        }
        for (name, value) in &step.headers {
            request = match value {
                Value::String(value) => request.header(name, &names.text(value)),
                _ => request.without(name),
            };
        }
        let lines = step.body_lines.as_ref().map(|lines| lines.join("\n"));
        let body = step.body.clone().or(lines).unwrap_or_default();
        request.body(names.text(&body))
    }

    /// Sends it on a connection of its own and reads the answer. The connection can be cut off from
    /// elsewhere.
    pub(crate) fn send(&self, stream: &mut TcpStream) -> Option<Answer> {
        let address = stream.peer_addr().ok()?;
        let host = ("host".to_owned(), address.to_string());
        let has_host = self
            .headers
            .iter()
            .any(|(name, _)| name.eq_ignore_ascii_case("host"));
        let headers = (!has_host)
            .then_some(&host)
            .into_iter()
            .chain(&self.headers);
        let headers: String = headers
            .map(|(name, value)| [name, ": ", value, "\r\n"].concat())
            .collect();
        let (method, target, length) = (&self.method, &self.target, self.body.len());
        let head =
            format!("{method} {target} HTTP/1.1\r\n{headers}content-length: {length}\r\n\r\n");
        stream.write_all(head.as_bytes()).ok()?;
        stream.write_all(self.body.as_bytes()).ok()?;
        read(stream)
    }
}

pub(crate) fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).unwrap();
    // Longer than any window.
    stream
        .set_read_timeout(Some(Duration::from_secs(5)))
        .unwrap();
    stream
}

fn read(stream: &mut TcpStream) -> Option<Answer> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break end;
        }
        read_more(stream, &mut bytes)?;
    };
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let mut lines = head.lines();
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let headers: HashMap<_, _> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_lowercase(), value.trim().to_owned()))
        .collect();
    let length = headers
        .get("content-length")
        .and_then(|length| length.parse().ok());
    let length: usize = if status == 101 {
        0
    } else {
        length.unwrap_or(0)
    };
    while bytes.len() < end + 4 + length {
        read_more(stream, &mut bytes)?;
    }
    let body = String::from_utf8_lossy(&bytes[end + 4..]).into_owned();
    Some(Answer {
        status,
        headers,
        body,
    })
}

fn read_more(stream: &mut TcpStream, bytes: &mut Vec<u8>) -> Option<()> {
    let mut chunk = [0; 4096];
    let read = stream.read(&mut chunk).ok().filter(|read| *read > 0)?;
    bytes.extend_from_slice(&chunk[..read]);
    Some(())
}

/// The pairs of a query string, with brackets for what is nested.
pub(crate) fn query(params: &Value) -> Vec<String> {
    let mut pairs = Vec::new();
    for (key, value) in params.as_object().into_iter().flatten() {
        flatten(&encoded(key), value, &mut pairs);
    }
    pairs
}

fn flatten(key: &str, value: &Value, pairs: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                flatten(&format!("{key}[{}]", encoded(name)), value, pairs);
            }
        }
        Value::Array(elements) => {
            for value in elements {
                flatten(&format!("{key}[]"), value, pairs);
            }
        }
        Value::String(text) => pairs.push(format!("{key}={}", encoded(text))),
        other => pairs.push(format!("{key}={other}")),
    }
}

/// Percent-encoded, but for what needs no encoding anywhere.
pub(crate) fn encoded(text: &str) -> String {
    let encode = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
            char::from(byte).to_string()
        }
        other => format!("%{other:02X}"),
    };
    text.bytes().map(encode).collect()
}

impl Response {
    /// Whether this is what was answered.
    pub(crate) fn accepts(&self, answer: &Answer, names: &mut Names) -> bool {
        let status = self
            .status
            .as_ref()
            .is_none_or(|status| status.contains(answer.status));
        let headers = self.headers.iter().flatten().all(|(name, expected)| {
            let actual = answer.headers.get(&name.to_lowercase());
            match expected {
                Value::Null => actual.is_none(),
                expected => actual.is_some_and(|actual| json!(actual) == *expected),
            }
        });
        let body = self.body.as_ref().is_none_or(|body| *body == answer.body);
        let part = self.body_contains.as_ref();
        let contains = part.is_none_or(|part| answer.body.contains(part.as_str()));
        let json = self.json.as_ref().is_none_or(|expected| {
            let expected = names.expand(expected);
            serde_json::from_str(&answer.body)
                .is_ok_and(|actual: Value| names.matches(&expected, &actual))
        });
        status && headers && body && contains && json
    }
}
