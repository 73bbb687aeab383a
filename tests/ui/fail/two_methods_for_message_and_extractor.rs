#![allow(unused)]

use phx_channels::{ChannelConn, channel};

struct Chat;

struct Tick;

#[channel]
impl Chat {
    #[join("rooms:{room}")]
    async fn join(&self, room: &str) {}

    #[info("rooms:{room}")]
    async fn tick(&self, room: &str, tick: Tick) {}

    #[info("rooms:{id}")]
    async fn tock(&self, conn: ChannelConn<'_>, id: &str, tick: Tick) {}
}

fn main() {}
