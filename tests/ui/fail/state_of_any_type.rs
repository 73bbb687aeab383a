#![allow(unused)]

use phx_channels::channel;

trait Count {}

struct Chat;

#[channel]
impl Chat {
    #[join("rooms:{room}")]
    async fn join(&self, room: &str) {}

    #[on("rooms:*", "new:msg")]
    async fn new_msg(&self, count: &mut (dyn Count + Send)) {}
}

fn main() {}
