#![allow(unused)]

use phx_channels::channel;

struct Chat;

#[channel]
impl Chat {
    #[join("rooms:*")]
    async fn join(&self) {}

    #[on("rooms:*", "new:msg")]
    async fn new_msg(&self, body: &str) {}

    #[on("rooms:*", "new:msg")]
    async fn newer_msg(&self) {}
}

fn main() {}
