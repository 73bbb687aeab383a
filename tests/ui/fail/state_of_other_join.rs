#![allow(unused)]

use phx_channels::{Joined, channel};

struct Counter;

struct Count(u64);

#[channel]
impl Counter {
    #[join("counter:*")]
    async fn join(&self) -> Result<Joined<Count>, ()> {
        Ok(Joined::new(Count(0)))
    }

    #[join("counter:named:{name}")]
    async fn named(&self, name: String) -> Joined<String, u64> {
        Joined::new(name).reply(1)
    }

    #[on("counter:*", "add")]
    async fn add(&self, count: &Count) {}
}

fn main() {}
