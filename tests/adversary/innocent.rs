//! A client that does nothing wrong, and wants its answers.

use crate::server::{PATIENCE, Server};
use serde_json::{Value, json};
use std::{
    net::TcpStream,
    sync::atomic::{AtomicBool, Ordering::Relaxed},
    thread,
};
use tungstenite::{Message, WebSocket};

pub(crate) struct Innocent {
    websocket: WebSocket<TcpStream>,
    asked: u64,
}

impl Innocent {
    /// Connected, and joined.
    pub(crate) fn connect(server: &Server) -> Self {
        let stream = TcpStream::connect(server.address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let url = format!("ws://{}/socket/websocket?vsn=2.0.0", server.address);
        let (websocket, _) = tungstenite::client(url, stream).unwrap();
        let mut client = Self {
            websocket,
            asked: 0,
        };
        client.call("phx_join", &json!({}));
        client
    }

    /// Asks so many times, one after the other, and gets each answer.
    pub(crate) fn is_answered(&mut self, times: u64) {
        for _ in 0..times {
            let number = self.asked;
            let reply = self.call("ping", &json!(number));
            assert_eq!(reply, json!({"status": "ok", "response": number}));
        }
    }

    fn call(&mut self, event: &str, payload: &Value) -> Value {
        self.asked += 1;
        let reference = self.asked.to_string();
        let frame = json!(["i", reference, "innocent:1", event, payload]);
        self.websocket
            .send(Message::text(frame.to_string()))
            .unwrap();
        let answer = self
            .websocket
            .read()
            .unwrap_or_else(|error| panic!("an innocent client was not answered: {error}"));
        let mut answer: Value = serde_json::from_str(answer.to_text().unwrap()).unwrap();
        assert_eq!(answer[1], json!(reference), "{answer}");
        answer[4].take()
    }
}

/// How many attackers there are to be at once, so that none of the server's threads is spared.
pub(crate) fn crowd() -> usize {
    thread::available_parallelism().map_or(4, |cores| 2 * cores.get())
}

/// Runs a crowd of attackers, each in a thread of its own, until an innocent client has had all of its answers. They
/// are to end soon when the flag says so, or before by themselves.
pub(crate) fn answered_beside(server: &Server, answers: u64, attack: impl Fn(&AtomicBool) + Sync) {
    let over = AtomicBool::new(false);
    let mut innocent = Innocent::connect(server);
    thread::scope(|scope| {
        for _ in 0..crowd() {
            scope.spawn(|| attack(&over));
        }
        let end = End(&over);
        innocent.is_answered(answers);
        drop(end);
    });
}

/// Ends the attack, also when the innocent client has failed.
struct End<'a>(&'a AtomicBool);

impl Drop for End<'_> {
    fn drop(&mut self) {
        self.0.store(true, Relaxed);
    }
}
