#![allow(unused)]

use phx_channels::{ChannelConn, channel};

struct Clock;

struct Secret;

#[channel]
impl Clock {
    #[join("clock:*")]
    async fn join(&self) {}

    #[info("clock:*")]
    async fn tick(&self, conn: ChannelConn<'_>) {}

    #[intercept("clock:*", "tick")]
    async fn tock(&self) -> Secret {
        Secret
    }
}

fn main() {}
