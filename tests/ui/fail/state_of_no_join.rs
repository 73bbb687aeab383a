#![allow(unused)]

use phx_channels::channel;

struct Count(u64);

struct Counter;

#[channel]
impl Counter {
    #[join("counter:all")]
    async fn all(&self) {}

    #[join("counter:{name}")]
    async fn named(&self, name: &str) {}

    #[join("counter:*")]
    async fn other(&self) {}

    #[on("counter:*", "add")]
    async fn add(&self, count: &mut Count) {}
}

fn main() {}
