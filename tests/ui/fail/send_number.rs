#![allow(unused)]

use phx_channels::{ChannelConn, channel};

struct Chat;

#[channel]
impl Chat {
    #[join("rooms:{room}")]
    async fn join(&self, room: &str) {}

    #[on("rooms:*", "add")]
    async fn add(&self, conn: ChannelConn<'_>, number: u64) {
        conn.broadcast((conn.topic(), "sum", &number));
        conn.push((conn.topic(), "count", 5));
        conn.push((conn.topic(), "even", true));
    }
}

fn main() {}
