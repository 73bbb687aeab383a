#![allow(unused)]

use phx_channels::{ChannelHandler, channel};

struct Chat;

#[channel]
impl ChannelHandler for Chat {
    #[join("rooms:{room}")]
    async fn join(&self, room: &str) {}

    #[on("rooms:*", "new:msg")]
    async fn new_msg(&self) {}
}

fn uses_the_channel() {
    let _ = phx_channels::channel(Chat);
    let _ = Chat.new_msg();
}

fn main() {}
