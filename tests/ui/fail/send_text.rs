#![allow(unused)]

use phx_channels::{ChannelConn, channel};

struct Chat;

#[channel]
impl Chat {
    #[join("rooms:{room}")]
    async fn join(&self, room: &str) {}

    #[on("rooms:*", "say")]
    async fn say(&self, conn: ChannelConn<'_>, text: String) {
        conn.broadcast((conn.topic(), "said", text));
    }

    #[on("rooms:*", "greet")]
    async fn greet(&self, conn: ChannelConn<'_>) {
        conn.push((conn.topic(), "greeting", "hello"));
        conn.push((conn.topic(), "greeting", format!("hello, {}", conn.topic())));
    }
}

fn main() {}
