#![allow(unused)]

use phx_channels::channel;

struct Chat;

#[channel]
impl Chat {
    #[join("rooms:{room}", rate = "10/s")]
    async fn join(&self, room: &str) {}

    #[on("rooms:*", "new:msg")]
    async fn new_msg(&self) {}
}

fn main() {}
