#![allow(unused)]

use phx_channels::{ChannelConn, channel};
use serde::Serialize;

#[derive(Serialize)]
struct Message {
    body: String,
}

struct Chat;

#[channel]
impl Chat {
    #[join("rooms:{room}")]
    async fn join(&self, room: String, conn: ChannelConn<'_>) {
        conn.broadcast(Message { body: room });
    }
}

fn main() {}
