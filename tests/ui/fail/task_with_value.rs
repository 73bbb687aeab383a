#![allow(unused)]

use phx_channels::{ChannelConn, Pusher, channel};

struct Chat;

async fn save() -> Result<(), String> {
    Ok(())
}

#[channel]
impl Chat {
    #[join("rooms:*")]
    async fn join(&self) {}

    #[on("rooms:*", "later")]
    async fn later(&self, conn: ChannelConn<'_>) {
        conn.spawn(async move { save().await });
    }
}

fn main() {}
