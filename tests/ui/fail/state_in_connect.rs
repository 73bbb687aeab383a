#![allow(unused)]

use phx_channels::channel;

struct Chat;

struct Count(u64);

#[channel]
impl Chat {
    #[connect]
    async fn connect(&self, count: &Count) {}

    #[join("rooms:*")]
    async fn join(&self) {}
}

fn main() {}
