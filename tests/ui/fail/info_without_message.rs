#![allow(unused)]

use phx_channels::channel;

struct Clock;

#[channel]
impl Clock {
    #[join("clock:{zone}")]
    async fn join(&self, zone: &str) {}

    #[info("clock:{zone}")]
    async fn tick(&self, zone: &str) {}
}

fn main() {}
