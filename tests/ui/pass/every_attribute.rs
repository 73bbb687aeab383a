//! One method of each kind, and the items that the macro leaves alone.

#![deny(warnings)]

use phx_channels::{ChannelConn, ChannelEvent, Event, LeaveReason, Payload, Refused, Reply, channel};
use serde::{Deserialize, Serialize};

struct Chat;

#[derive(Serialize, Deserialize, Event)]
#[event("new:msg")]
struct Message {
    body: String,
}

#[derive(Serialize, Event)]
struct UserJoined;

#[derive(Deserialize)]
struct Token {
    token: String,
}

#[channel]
impl Chat {
    const LIMIT: usize = {
        let kilo = 1024;
        kilo * 64
    };

    #[connect]
    async fn connect(&self, token: Option<Token>) -> Result<(), Refused> {
        token.filter(|token| token.token == "t").map(|_| ()).ok_or_else(Refused::new)
    }

    #[join("rooms:lobby")]
    async fn lobby(&self) {}

    #[join("rooms:{room}")]
    async fn room(&self, conn: ChannelConn<'_>, room: &str) -> Result<Message, &'static str> {
        conn.push(UserJoined);
        self.greeting(room).ok_or("no such room")
    }

    #[on("rooms:{room}", "new:msg")]
    async fn new_msg(&self, message: Message, conn: ChannelConn<'_>, room: u32) -> Result<(), String> {
        if message.body.len() > Self::LIMIT {
            return Err(format!("too long for {room}"));
        }
        conn.broadcast(message);
        Ok(())
    }

    #[on("rooms:{*rest}", "raw")]
    async fn raw(&self, rest: String, payload: Payload) -> Reply {
        Reply::new(rest, &payload)
    }

    #[on("*")]
    async fn other(&self, event: ChannelEvent) {
        drop(event);
    }

    #[leave("rooms:{*rest}")]
    async fn left(&self, rest: &str, reason: LeaveReason) {
        let _ = (rest, reason);
    }

    #[disconnect]
    async fn gone(&self, conn: ChannelConn<'_>) {
        let _ = conn;
    }

    fn greeting(&self, room: &str) -> Option<Message> {
        let body = format!("welcome to {room}");
        (room != "nowhere").then_some(Message { body })
    }
}

fn main() {
    assert_eq!(Message::NAME, "new:msg");
    assert_eq!(UserJoined::NAME, "user_joined");
    let _ = channel(Chat);
}
