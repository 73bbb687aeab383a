#![allow(unused)]

use phx_channels::{Joined, channel};

struct Counter;

struct Count(u64);

#[channel]
impl Counter {
    #[join("counter:*")]
    async fn join(&self, count: &mut Count) -> Joined<Count> {
        Joined::new(Count(0))
    }
}

fn main() {}
