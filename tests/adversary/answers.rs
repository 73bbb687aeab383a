//! Small in, large out: what a client gets back for what it sends, byte for byte on the wire.

use crate::{
    Attack,
    attacker::Attacker,
    frame::{OpCode, frame, text},
    innocent::Innocent,
    runtime::Runtime,
    server::Server,
};
use fastrand::Rng;
use serde_json::{Value, json};
use std::{
    io::{self, Read, Write},
    iter,
    net::TcpStream,
    thread,
};
use tungstenite::{Message, WebSocket, protocol::Role};

pub(crate) const ATTACKS: &[Attack] = &[
    ("to_a_join_ref_of_a_megabyte", to_a_join_ref_of_a_megabyte),
    ("to_the_longest_join_ref", to_the_longest_join_ref),
    ("to_anything", to_anything),
];

const MIB: usize = 1024 * 1024;

/// `Config::max_reference_size`, by default.
const MAX_REFERENCE_SIZE: usize = 256;

/// How many times its size a message may be answered with. The smallest that reaches a topic and is answered has 13 bytes:
/// a binary one with the name of the topic and a reference, of one byte each, and the head of its frame. The answer has
/// the `join_ref` of the topic, 120 bytes of its own, and those two, which have at most six bytes each as JSON.
const TIMES: u64 = 30;

/// What has gone over the wire.
#[derive(Clone, Copy, Debug)]
struct Traffic {
    sent: u64,
    received: u64,
}

impl Traffic {
    /// Bytes that were received for a hundred that were sent.
    fn percentage(self) -> u64 {
        self.received * 100 / self.sent
    }

    fn assert_in_proportion(self) {
        assert!(self.received <= TIMES * self.sent, "{self:?}");
    }
}

/// One end of a socket, of which it is counted what comes.
struct Counted {
    stream: TcpStream,
    read: u64,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.stream.read(buffer)?;
        self.read += read as u64;
        Ok(read)
    }
}

/// The other end writes, and a pong in the midst of a frame of its own would be none.
impl Write for Counted {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Sends these, and a last event to the topic, behind whose answer nothing can come: the answers of a topic keep their
/// order. A connection that the server ends before has been answered as well.
fn exchange(
    client: &mut Attacker,
    topic: &str,
    frames: impl Iterator<Item = Vec<u8>> + Send,
) -> Traffic {
    let stream = client.stream().try_clone().unwrap();
    let counted = Counted { stream, read: 0 };
    let last = text(&json!([null, "last", topic, "echo", {}]).to_string());
    thread::scope(|scope| {
        let reader = scope.spawn(|| {
            let mut websocket = WebSocket::from_raw_socket(counted, Role::Client, None);
            while let Ok(message) = websocket.read() {
                let text = match message {
                    Message::Text(text) => text,
                    Message::Close(_) => break,
                    _ => continue,
                };
                let message: Value = serde_json::from_str(&text).unwrap();
                if message[1] == "last" {
                    break;
                }
            }
            websocket.get_ref().read
        });
        let mut sent = 0;
        for frame in frames.chain([last]) {
            if client.send(&frame).is_err() {
                break;
            }
            sent += frame.len() as u64;
        }
        let received = reader.join().unwrap();
        Traffic { sent, received }
    })
}

/// A text of so many bytes as JSON.
fn reference(bytes: usize) -> String {
    format!("\"{}\"", "x".repeat(bytes - 2))
}

fn join(join_ref: &str) -> Vec<u8> {
    text(&format!(r#"[{join_ref},"1","rooms:1","phx_join",{{}}]"#))
}

/// Of 30 bytes, but for the head of the frame.
fn small() -> Vec<u8> {
    text(r#"[null,"123","rooms:1","e",{ }]"#)
}

/// The `join_ref` would go back with each answer.
fn to_a_join_ref_of_a_megabyte(runtime: Runtime) {
    const EVENTS: usize = 2_000;
    let server = Server::start(runtime);
    let before = server.state();
    let mut innocent = Innocent::connect(&server);
    let mut client = Attacker::connect(&server);
    client.send(&join(&reference(MIB - 100))).unwrap();
    let events = iter::repeat_with(small).take(EVENTS);
    let traffic = thread::scope(|scope| {
        let attack = scope.spawn(|| exchange(&mut client, "rooms:1", events));
        innocent.is_answered(100);
        attack.join().unwrap()
    });
    // What the join itself has cost its client does not count for it.
    traffic.assert_in_proportion();
    assert!(traffic.received < MIB as u64, "it went back: {traffic:?}");
    assert_eq!(server.state().joins, 0, "the topic was joined");
    drop((client, innocent));
    server.forgets_clients(before);
}

fn to_the_longest_join_ref(runtime: Runtime) {
    const EVENTS: usize = 2_000;
    let server = Server::start(runtime);
    let before = server.state();
    let mut innocent = Innocent::connect(&server);
    let mut client = Attacker::connect(&server);
    let longest = reference(MAX_REFERENCE_SIZE);
    client.send(&join(&longest)).unwrap();
    assert_eq!(client.receive().unwrap()[4]["status"], "ok");
    let events = iter::repeat_with(small).take(EVENTS);
    let traffic = exchange(&mut client, "rooms:1", events);
    let references = (EVENTS * MAX_REFERENCE_SIZE) as u64;
    assert!(traffic.received > references, "{traffic:?}");
    traffic.assert_in_proportion();
    innocent.is_answered(100);
    drop((client, innocent));
    server.forgets_clients(before);
}

/// A topic that is joined, and a message that is then sent to it again and again.
#[derive(Clone, Debug)]
struct Try {
    join_ref: String,
    topic: String,
    event: String,
    reference: String,
    payload: String,
    /// The message has the `join_ref` of the topic as well.
    is_whole: bool,
    is_binary: bool,
}

/// So that the join, and how it is answered, do not matter much.
const COPIES: usize = 100;

impl Try {
    fn join(&self) -> Vec<u8> {
        let join = json!([self.join_ref, "1", self.topic, "phx_join", {}]);
        text(&join.to_string())
    }

    fn message(&self) -> Vec<u8> {
        if self.is_binary {
            return self.binary();
        }
        let join_ref = self.is_whole.then_some(&self.join_ref);
        let payload = if self.payload.is_empty() {
            json!({})
        } else {
            json!(self.payload)
        };
        let message = json!([join_ref, self.reference, self.topic, self.event, payload]);
        text(&message.to_string())
    }

    fn binary(&self) -> Vec<u8> {
        let join_ref = if self.is_whole { &*self.join_ref } else { "" };
        let names = [join_ref, &self.reference, &self.topic, &self.event];
        let names = names.map(|name| &name.as_bytes()[..name.len().min(255)]);
        let mut bytes = vec![0];
        let length = |name: &&[u8]| u8::try_from(name.len()).unwrap();
        bytes.extend(names.iter().map(length));
        bytes.extend(names.concat());
        bytes.extend(self.payload.bytes());
        frame(OpCode::Binary, true, &bytes)
    }

    fn run(&self, server: &Server) -> Traffic {
        let mut client = Attacker::connect(server);
        let messages = iter::repeat_with(|| self.message()).take(COPIES);
        let frames = iter::once(self.join()).chain(messages);
        exchange(&mut client, &self.topic, frames)
    }
}

/// Looks for what is answered at the greatest length.
struct Search(Rng);

impl Search {
    /// As long as may be, one more, or as short as may be more often than not.
    fn filler(&mut self) -> String {
        const SIZES: [usize; 8] = [0, 1, 1, 2, 42, 249, 254, 255];
        const OF: [&str; 4] = ["x", "x", "\u{1}", "\""];
        let size = match self.0.usize(..10) {
            n if n < SIZES.len() => SIZES[n],
            _ => self.0.usize(..2_000),
        };
        OF[self.0.usize(..OF.len())].repeat(size)
    }

    fn topic(&mut self) -> String {
        match self.0.u8(..4) {
            0 => "r".into(),
            1 => format!("nobody:{}", self.filler()),
            2 => "phoenix".into(),
            _ => format!("rooms:{}", self.filler()),
        }
    }

    fn event(&mut self) -> String {
        const NAMES: [&str; 7] = [
            "phx_join",
            "phx_leave",
            "phx_close",
            "heartbeat",
            "echo",
            "rare",
            "say",
        ];
        match self.0.usize(..2 * NAMES.len()) {
            n if n < NAMES.len() => NAMES[n].into(),
            _ => self.filler(),
        }
    }

    fn any(&mut self) -> Try {
        Try {
            join_ref: self.filler(),
            topic: self.topic(),
            event: self.event(),
            reference: self.filler(),
            payload: self.filler(),
            is_whole: self.0.bool(),
            is_binary: self.0.bool(),
        }
    }

    /// The same, but for one thing.
    fn like(&mut self, other: &Try) -> Try {
        let mut it = other.clone();
        match self.0.u8(..7) {
            0 => it.join_ref = self.filler(),
            1 => it.topic = self.topic(),
            2 => it.event = self.event(),
            3 => it.reference = self.filler(),
            4 => it.payload = self.filler(),
            5 => it.is_whole ^= true,
            _ => it.is_binary ^= true,
        }
        it
    }
}

fn to_anything(runtime: Runtime) {
    const TRIES: usize = 300;
    /// A search that does not come as far as this is blind.
    const KNOWN: u64 = 1_000;
    let seed = fastrand::u64(..);
    let mut search = Search(Rng::with_seed(seed));
    let server = Server::start(runtime);
    let before = server.state();
    let mut innocent = Innocent::connect(&server);
    let mut worst: Option<(u64, Try)> = None;
    for _ in 0..TRIES {
        let tried = match &worst {
            Some((_, worst)) if search.0.u8(..4) > 0 => search.like(worst),
            _ => search.any(),
        };
        let traffic = tried.run(&server);
        let is_in_proportion = traffic.received <= TIMES * traffic.sent;
        assert!(is_in_proportion, "{traffic:?}, seed {seed}: {tried:?}");
        let percentage = traffic.percentage();
        if worst.as_ref().is_none_or(|(most, _)| *most < percentage) {
            worst = Some((percentage, tried));
        }
        innocent.is_answered(1);
    }
    println!("seed {seed}: {worst:?} %");
    assert!(worst.is_some_and(|(most, _)| most > KNOWN), "seed {seed}");
    drop(innocent);
    server.forgets_clients(before);
}
