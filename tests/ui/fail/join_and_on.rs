#![allow(unused)]

use phx_channels::channel;

struct Chat;

#[channel]
impl Chat {
    #[join("rooms:{room}")]
    async fn join(&self, room: &str) {}

    #[join("users:*")]
    #[on("users:*", "new:msg")]
    async fn new_msg(&self) {}
}

fn main() {}
