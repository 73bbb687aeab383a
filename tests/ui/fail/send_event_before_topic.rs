#![allow(unused)]

use phx_channels::{ChannelConn, channel};

struct Chat;

#[channel]
impl Chat {
    #[join("rooms:{room}")]
    async fn join(&self, room: &str) {}

    #[on("rooms:*", "hello")]
    async fn hello(&self, conn: ChannelConn<'_>) {
        conn.broadcast(("greeting", conn.topic()));
        if conn.topic() == "rooms:lobby" {
            conn.push(("greeting", "rooms:lobby"));
        }
    }
}

fn main() {}
