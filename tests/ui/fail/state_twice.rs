#![allow(unused)]

use phx_channels::{Joined, channel};

struct Counter;

struct Count(u64);

#[channel]
impl Counter {
    #[join("counter:*")]
    async fn join(&self) -> Joined<Count> {
        Joined::new(Count(0))
    }

    #[on("counter:*", "add")]
    async fn add(&self, count: &mut Count, again: &Count) {}
}

fn main() {}
