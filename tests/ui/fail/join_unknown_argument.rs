#![allow(unused)]

use phx_channels::channel;

struct Chat;

#[channel]
impl Chat {
    #[join("rooms:*", capacity = 100)]
    async fn join(&self) {}

    #[on("rooms:*", "new:msg")]
    async fn new_msg(&self) {}
}

fn main() {}
