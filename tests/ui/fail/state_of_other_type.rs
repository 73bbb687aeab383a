#![allow(unused)]

use phx_channels::{Joined, channel};

struct Counter;

struct Count(u64);

struct Score(u64);

#[channel]
impl Counter {
    #[join("counter:*")]
    async fn join(&self) -> Joined<Count> {
        Joined::new(Count(0))
    }

    #[on("counter:{name}", "add")]
    async fn add(&self, _name: &str, score: &mut Score) {}
}

fn main() {}
