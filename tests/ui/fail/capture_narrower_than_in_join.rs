#![allow(unused)]

use phx_channels::channel;

struct Chat;

#[channel]
impl Chat {
    #[join("rooms:{id}")]
    async fn join(&self, id: &str) {}

    #[on("rooms:{id}", "new:msg")]
    async fn new_msg(&self, id: u64) {}
}

fn main() {}
