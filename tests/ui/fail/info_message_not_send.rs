#![allow(unused)]

use phx_channels::channel;
use std::rc::Rc;

struct Clock;

#[channel]
impl Clock {
    #[join("clock:*")]
    async fn join(&self) {}

    #[info("clock:*")]
    async fn tick(&self, tick: Rc<u32>) {}
}

fn main() {}
