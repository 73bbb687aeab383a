#![allow(unused)]

use phx_channels::channel;

struct Chat;

#[channel]
impl Chat {
    #[join("rooms:{room}")]
    async fn join(&self, room: &str) {}

    #[on("rooms:*", "new:msg", rat = "10/s")]
    async fn new_msg(&self) {}
}

fn main() {}
