#![allow(unused)]

use phx_channels::{ChannelConn, Pusher, channel};
use serde::{Deserialize, Serialize};

#[derive(Clone, Serialize, Deserialize)]
struct Message {
    body: String,
}

struct Chat;

#[channel]
impl Chat {
    #[join("rooms:{room}")]
    async fn join(&self, room: &str) {}

    #[on("rooms:*", "hello")]
    async fn hello(&self, conn: ChannelConn<'_>, message: Message) {
        conn.push("greeting", &message);
    }

    #[on("rooms:*", "later")]
    async fn later(&self, pusher: Pusher, message: Message) {
        std::thread::spawn(move || pusher.broadcast("greeting", message));
    }

    #[on("rooms:*", "elsewhere")]
    async fn elsewhere(&self, conn: ChannelConn<'_>, message: Message) {
        conn.broadcaster().broadcast("rooms:lobby", "greeting", message);
    }
}

fn main() {}
