//! What clients say, and what they hear, in the protocols of the servers.

use memchr::memmem;
use std::fmt::Write;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// Phoenix channels, an object for each message.
    PhoenixV1,
    /// Phoenix channels, an array for each message.
    PhoenixV2,
    /// Socket.IO 5 over Engine.IO 4.
    SocketIo,
}

/// What a client has heard.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Heard {
    /// A broadcast: who published it, and as its how manyeth.
    Message {
        by: u32,
        number: u32,
    },
    /// The answer to a join or to a request.
    Reply,
    /// The server is ready for a join.
    Welcome,
    /// This is to be said now.
    Answer(&'static str),
    Nothing,
}

/// Near the front of a message is what tells its kind; a payload may be long.
const FRONT: usize = 64;

impl Dialect {
    pub(super) fn path(self) -> &'static str {
        match self {
            Self::PhoenixV1 => "/socket/websocket?vsn=1.0.0",
            Self::PhoenixV2 => "/socket/websocket?vsn=2.0.0",
            Self::SocketIo => "/socket.io/?EIO=4&transport=websocket",
        }
    }

    /// Whether the server speaks first.
    pub(super) fn listens_first(self) -> bool {
        self == Self::SocketIo
    }

    pub(super) fn join(self, topic: &str) -> String {
        match self {
            Self::PhoenixV1 | Self::PhoenixV2 => self.push("1", topic, "phx_join", "{}"),
            Self::SocketIo => format!(r#"420["join","{topic}"]"#),
        }
    }

    pub(super) fn publish(self, topic: &str, message: &str) -> String {
        match self {
            Self::PhoenixV1 | Self::PhoenixV2 => self.push("2", topic, "msg", message),
            Self::SocketIo => format!(r#"42["msg","{topic}",{message}]"#),
        }
    }

    pub(super) fn request(self, topic: &str, message: &str) -> String {
        match self {
            Self::PhoenixV1 | Self::PhoenixV2 => self.push("2", topic, "echo", message),
            Self::SocketIo => format!(r#"421["echo",{message}]"#),
        }
    }

    fn push(self, reference: &str, topic: &str, event: &str, payload: &str) -> String {
        match self {
            Self::PhoenixV1 => format!(
                r#"{{"topic":"{topic}","event":"{event}","payload":{payload},"ref":"{reference}","join_ref":"1"}}"#
            ),
            _ => format!(r#"["1","{reference}","{topic}","{event}",{payload}]"#),
        }
    }

    pub(super) fn hear(self, text: &[u8]) -> Heard {
        let front = &text[..text.len().min(FRONT)];
        match (self, front) {
            (Self::PhoenixV1 | Self::PhoenixV2, _) => match memmem::find(front, b"\"msg\"") {
                Some(_) => message(text),
                None => Heard::Reply,
            },
            (Self::SocketIo, front) if front.starts_with(br#"42["welcome""#) => Heard::Welcome,
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
pub(super) fn payload(by: u32, number: u32, size: usize) -> String {
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
    let digits = text[start..]
        .iter()
        .take_while(|byte| byte.is_ascii_digit());
    Some(digits.fold(0, |number, digit| number * 10 + u32::from(digit - b'0')))
}

#[cfg(test)]
mod tests {
    use super::*;
    use Dialect::{PhoenixV1, PhoenixV2, SocketIo};

    const MESSAGE: Heard = Heard::Message { by: 3, number: 14 };

    #[test]
    fn a_payload_has_its_size() {
        for size in [64, 1024, 16 * 1024] {
            assert_eq!(payload(9, 12_345, size).len(), size);
        }
        assert_eq!(payload(0, 1, 0), r#"{"by":0,"no":1,"pad":""}"#);
    }

    #[test]
    fn broadcasts() {
        let payload = payload(3, 14, 200);
        let v1 = format!(r#"{{"topic":"rooms:0","event":"msg","payload":{payload},"ref":null}}"#);
        assert_eq!(PhoenixV1.hear(v1.as_bytes()), MESSAGE);
        let v2 = format!(r#"[null,null,"rooms:0","msg",{payload}]"#);
        assert_eq!(PhoenixV2.hear(v2.as_bytes()), MESSAGE);
        let socket_io = format!(r#"42["msg",{payload}]"#);
        assert_eq!(SocketIo.hear(socket_io.as_bytes()), MESSAGE);
    }

    #[test]
    fn replies() {
        let v1 = br#"{"topic":"rooms:0","event":"phx_reply","payload":{"by":3,"no":14}}"#;
        assert_eq!(PhoenixV1.hear(v1), Heard::Reply);
        let v2 = br#"["1","2","rooms:0","phx_reply",{"response":{"by":3,"no":14}}]"#;
        assert_eq!(PhoenixV2.hear(v2), Heard::Reply);
        assert_eq!(SocketIo.hear(br"430[null]"), Heard::Reply);
    }

    #[test]
    fn socket_io_is_answered() {
        assert_eq!(SocketIo.hear(br#"0{"sid":"x"}"#), Heard::Answer("40"));
        assert_eq!(SocketIo.hear(br#"40{"sid":"x"}"#), Heard::Nothing);
        assert_eq!(SocketIo.hear(br#"42["welcome",null]"#), Heard::Welcome);
        assert_eq!(SocketIo.hear(b"2"), Heard::Answer("3"));
    }
}
