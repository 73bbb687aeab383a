#![allow(unused)]

use phx_channels::channel;

#[channel]
mod chat {
    #[join("rooms:{room}")]
    async fn join(room: &str) {}

    #[on("rooms:*", "new:msg")]
    async fn new_msg() {}
}

fn main() {}
