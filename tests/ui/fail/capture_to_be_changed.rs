#![allow(unused)]

use phx_channels::channel;

struct Chat;

#[channel]
impl Chat {
    #[join("rooms:{room}")]
    async fn join(&self, room: &str) {}

    #[on("rooms:{room}", "new:msg")]
    async fn new_msg(&self, room: &mut str) {}
}

fn main() {}
