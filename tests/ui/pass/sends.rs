//! Whatever can be sent, and what looks like a mistake and is none.

#![deny(warnings)]

use phx_channels::{Broadcaster, ChannelConn, ChannelEvent, Event, Payload, Pusher, channel};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

#[derive(Clone, Serialize, Deserialize, Event)]
struct Message {
    body: String,
}

/// Has methods of the same names.
struct Stack;

impl Stack {
    fn push(&self, name: &str, _: u8) -> usize {
        name.len()
    }

    fn broadcast<T>(&self, (name, _): (&str, T)) -> usize {
        name.len()
    }
}

struct Chat {
    stack: Stack,
    broadcaster: Broadcaster,
}

const EVENT: &str = "message";

#[channel]
impl Chat {
    #[join("rooms:{room}")]
    async fn join(&self, room: &str, conn: ChannelConn<'_>) {
        conn.push((conn.topic(), "user:entered"));
        conn.broadcast(("rooms:lobby", "user:entered", &BTreeMap::from([("room", room)])));
    }

    #[on("rooms:*", "message")]
    async fn message(&self, conn: ChannelConn<'_>, message: Message, event: ChannelEvent) {
        conn.push(message.clone());
        conn.broadcast((conn.topic(), message.clone()));
        conn.broadcast(("rooms:lobby", message.clone()));
        conn.broadcast_from((format!("rooms:{}", message.body), message.clone()));
        conn.broadcast(("clock", EVENT));
        conn.broadcast(("clock", event.event()));
        conn.broadcast(("clock", "tick", &message));
        conn.broadcast((String::from("clock"), EVENT, event.payload()));
        conn.broadcaster().broadcast(("clock", message));
        conn.broadcast(event);
    }

    #[on("rooms:*", "text")]
    async fn text(&self, conn: ChannelConn<'_>, pusher: Pusher, text: String) {
        let text = Message { body: text };
        conn.push((conn.topic(), "text", &text));
        pusher.push(("rooms:lobby", "text", text));
    }

    #[on("rooms:*", "number")]
    async fn number(&self, conn: ChannelConn<'_>, number: u64) -> Result<usize, ()> {
        for number in [Payload::empty()] {
            conn.push((conn.topic(), "number", number));
        }
        match (Message { body: number.to_string() }) {
            number => conn.push((conn.topic(), "number", number)),
        }
        self.broadcaster.broadcast(("rooms:lobby", "number"));
        Ok(self.stack.push("phx_close", 1) + self.stack.broadcast(("phx_close", 1)))
    }
}

fn main() {
    let _ = |broadcaster| channel(Chat { stack: Stack, broadcaster });
}
