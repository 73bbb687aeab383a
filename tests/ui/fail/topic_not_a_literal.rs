#![allow(unused)]

use phx_channels::channel;

const ROOMS: &str = "rooms:{room}";

struct Chat;

#[channel]
impl Chat {
    #[join("rooms:{room}")]
    async fn join(&self, room: &str) {}

    #[on(ROOMS, "new:msg")]
    async fn new_msg(&self, room: &str) {}
}

fn main() {}
