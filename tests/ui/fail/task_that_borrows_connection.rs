#![allow(unused)]

use phx_channels::{ChannelConn, channel};

struct Chat;

#[channel]
impl Chat {
    #[join("rooms:*")]
    async fn join(&self) {}

    #[on("rooms:*", "later")]
    async fn later(&self, conn: ChannelConn<'_>) {
        conn.spawn(async move {
            conn.push((conn.topic(), "done"));
        });
    }
}

fn main() {}
