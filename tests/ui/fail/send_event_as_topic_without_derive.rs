#![allow(unused)]

use phx_channels::{ChannelConn, channel};
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
        conn.push(("greeting", &message));
    }
}

fn main() {}
