#![allow(unused)]

use phx_channels::channel;

struct Chat;

#[channel]
impl Chat {
    #[join("rooms:*")]
    async fn join(&self) {}

    #[intercept("room:*", "new:msg")]
    async fn new_msg(&self) {}

    #[info("romms:{room}")]
    async fn tick(&self, room: &str, tick: u8) {}
}

fn main() {}
