#![allow(unused)]

use phx_channels::channel;

struct Chat;

#[channel]
impl Chat {
    #[join("rooms:{id}")]
    async fn join(&self, id: u64) {}

    #[on("rooms:{id}")]
    async fn any(&self, id: &str) {}

    #[on("rooms:*")]
    async fn other(&self) {}
}

fn main() {}
