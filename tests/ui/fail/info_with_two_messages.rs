#![allow(unused)]

use phx_channels::{ChannelConn, channel};

struct Clock;

struct Tick;

#[channel]
impl Clock {
    #[join("clock:*")]
    async fn join(&self) {}

    #[info("clock:*")]
    async fn tick(&self, tick: Tick, conn: ChannelConn<'_>, number: u32) {}
}

fn main() {}
