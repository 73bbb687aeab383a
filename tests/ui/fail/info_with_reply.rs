#![allow(unused)]

use phx_channels::channel;

struct Clock;

#[channel]
impl Clock {
    #[join("clock:*")]
    async fn join(&self) {}

    #[info("clock:*")]
    async fn tick(&self, tick: u32) -> Result<(), ()> {
        Ok(())
    }
}

fn main() {}
