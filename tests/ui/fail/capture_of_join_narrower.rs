#![allow(unused)]

use phx_channels::channel;

struct Chat;

type Small = u8;

#[channel]
impl Chat {
    #[join("rooms:{id}")]
    async fn join(&self, id: u64) {}

    #[info("rooms:*")]
    async fn told(&self, id: Small, message: Vec<u8>) {}
}

fn main() {}
