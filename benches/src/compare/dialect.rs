//! What clients say, and what they hear, in the protocols of the servers.

use memchr::memmem;
use std::fmt::Write;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// Phoenix channels, version 2.
    Phoenix,
    /// Socket.IO 5 over Engine.IO 4.
    SocketIo,
}

/// What a client has heard.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Heard {
    /// A broadcast: who published it, and as its how manyeth.
    Message { by: u32, number: u32 },
    /// The answer to a join or to a request.
    Reply,
    /// This is to be said now.
    Answer(&'static str),
    Nothing,
}

/// Near the front of a message is what tells its kind; a payload may be long.
const FRONT: usize = 64;

impl Dialect {
    pub(crate) fn path(self) -> &'static str {
        match self {
            Self::Phoenix => "/socket/websocket?vsn=2.0.0",
            Self::SocketIo => "/socket.io/?EIO=4&transport=websocket",
        }
    }

    /// Whether the server speaks first.
    pub(crate) fn listens_first(self) -> bool {
        self == Self::SocketIo
    }

    pub(crate) fn join(self, topic: &str) -> String {
        match self {
            Self::Phoenix => format!(r#"["1","1","{topic}","phx_join",{{}}]"#),
            Self::SocketIo => format!(r#"420["join","{topic}"]"#),
        }
    }

    pub(crate) fn publish(self, topic: &str, message: &str) -> String {
        match self {
            Self::Phoenix => format!(r#"["1","2","{topic}","msg",{message}]"#),
            Self::SocketIo => format!(r#"42["msg","{topic}",{message}]"#),
        }
    }

    pub(crate) fn request(self, topic: &str, message: &str) -> String {
        match self {
            Self::Phoenix => format!(r#"["1","2","{topic}","echo",{message}]"#),
            Self::SocketIo => format!(r#"421["echo",{message}]"#),
        }
    }

    pub(crate) fn hear(self, text: &[u8]) -> Heard {
        let front = &text[..text.len().min(FRONT)];
        match (self, front) {
            (Self::Phoenix, _) if memmem::find(front, b"\"msg\"").is_some() => message(text),
            (Self::Phoenix, _) => Heard::Reply,
            (Self::SocketIo, [b'4', b'2', ..]) => message(text),
            (Self::SocketIo, [b'4', b'3', ..]) => Heard::Reply,
            // Opened: the namespace is to be connected to, which is answered with another `40`.
            (Self::SocketIo, [b'0', ..]) => Heard::Answer("40"),
            (Self::SocketIo, [b'2']) => Heard::Answer("3"),
            (Self::SocketIo, _) => Heard::Nothing,
        }
    }
}

/// A payload of exactly `size` bytes, if that is enough for its numbers.
pub(crate) fn payload(by: u32, number: u32, size: usize) -> String {
    let mut payload = format!(r#"{{"by":{by},"no":{number},"pad":""#);
    let pad = size.saturating_sub(payload.len() + 2);
    let _ = write!(payload, r#"{:x>pad$}"}}"#, "");
    payload
}

fn message(text: &[u8]) -> Heard {
    match (number(text, b"\"by\":"), number(text, b"\"no\":")) {
        (Some(by), Some(number)) => Heard::Message { by, number },
        _ => Heard::Nothing,
    }
}

fn number(text: &[u8], key: &[u8]) -> Option<u32> {
    let start = memmem::find(text, key)? + key.len();
    let digits = text[start..].iter().take_while(|byte| byte.is_ascii_digit());
    Some(digits.fold(0, |number, digit| number * 10 + u32::from(digit - b'0')))
}
