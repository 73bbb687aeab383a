#![allow(unused)]

use phx_channels::channel;

struct Chat;

#[channel]
impl Chat {
    #[join("rooms:{id}")]
    async fn join(&self, id: u64) {}

    #[on("rooms:{id}", "new:msg")]
    async fn new_msg(&self, id: u64) {}

    #[on("rooms:*", "new:msg")]
    async fn other(&self) {}
}

fn main() {}
