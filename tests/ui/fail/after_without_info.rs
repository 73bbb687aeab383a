#![allow(unused)]

use phx_channels::{ChannelConn, channel};
use std::time::Duration;

struct Chat;

struct Tick;

#[channel]
impl Chat {
    #[join("rooms:*")]
    async fn join(&self, conn: ChannelConn<'_>) {
        _ = conn.after(Duration::from_secs(1), Tick);
    }
}

fn main() {}
