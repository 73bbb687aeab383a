#![allow(unused)]

use phx_channels::channel;

struct Chat;

#[channel]
impl Chat {
    #[join("rooms:{room}")]
    async fn join(&self, room: &str) {}

    let limit = 10;

    #[on("rooms:*", "new:msg")]
    async fn new_msg(&self) {}
}

fn main() {}
