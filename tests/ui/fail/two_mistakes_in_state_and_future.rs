#![allow(unused)]

use phx_channels::{Joined, channel};
use std::rc::Rc;

struct Count(u64);

struct Counter;

#[channel]
impl Counter {
    #[join("counter:*")]
    async fn join(&self) -> Joined<Count> {
        Joined::new(Count(0))
    }

    #[on("counter:*", "add")]
    async fn add(&self, count: &mut u64) {}

    #[on("counter:*", "read")]
    async fn read(&self) {
        let count = Rc::new(1);
        std::future::ready(()).await;
        drop(count);
    }
}

fn main() {}
