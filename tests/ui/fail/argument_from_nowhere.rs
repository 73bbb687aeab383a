#![allow(unused)]

use phx_channels::{ChannelConn, channel};

struct Message;

struct Chat;

#[channel]
impl Chat {
    #[join("rooms:{room}")]
    async fn join(&self, room: &str) {}

    #[on("rooms:*", "new:msg")]
    async fn new_msg(&self, conn: ChannelConn<'_>, message: Message) {}
}

fn main() {}
