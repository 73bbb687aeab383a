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

    #[on("rooms:*", "close")]
    async fn close(&self, conn: ChannelConn<'_>) {
        conn.broadcast((conn.topic(), "phx_close"));
    }

    #[on("rooms:*", "reply")]
    async fn reply(&self, conn: ChannelConn<'_>, message: Message) {
        conn.broadcaster().broadcast((conn.topic(), "phx_reply", message));
    }
}

fn main() {}
