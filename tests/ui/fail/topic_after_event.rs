#![allow(unused)]

use phx_channels::channel;

struct Chat;

#[channel]
impl Chat {
    #[join("rooms:{room}")]
    async fn join(&self, room: &str) {}

    #[on("new:msg", "rooms:{room}")]
    async fn new_msg(&self, room: &str, message: String) {}
}

fn main() {}
