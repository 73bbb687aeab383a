#![allow(unused)]

use phx_channels::{ChannelConn, channel};

struct Clock;

struct Tick;

#[channel]
impl Clock {
    #[join("clock:*")]
    async fn join(&self) {}

    #[info("clock:{*zone}")]
    async fn tick(&self, conn: ChannelConn<'_>, zone: &str, tick: Tick) {}

    #[info("clock:*")]
    async fn tock(&self, tock: Tick, conn: ChannelConn<'_>) {}
}

fn main() {}
