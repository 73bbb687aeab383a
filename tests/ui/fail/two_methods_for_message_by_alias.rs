#![allow(unused)]

use phx_channels::{ChannelConn, channel};

struct Chat;

struct Tick;

type Tock = Tick;

#[channel]
impl Chat {
    #[join("rooms:*")]
    async fn join(&self) {}

    #[info("rooms:*")]
    async fn tick(&self, tick: Tick) {}

    #[info("rooms:*")]
    async fn tock(&self, tock: Tock) {}
}

fn main() {}
