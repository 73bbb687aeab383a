#![allow(unused)]

use phx_channels::channel;

struct Chat;

#[channel]
impl Chat {
    #[join("rooms:{room}")]
    async fn join(&self, room: &str) {}

    #[on("rooms:*", "new:msg", rate = "10 per second")]
    async fn new_msg(&self) {}
}

fn main() {}
