#![allow(unused)]

use phx_channels::{ChannelConn, Pusher, channel};

struct Clock;

#[channel]
impl Clock {
    #[join("clock:*")]
    async fn join(&self) {}

    #[info("clock:*")]
    async fn tick(&self, conn: ChannelConn<'_>, pusher: Pusher) {}
}

fn main() {}
