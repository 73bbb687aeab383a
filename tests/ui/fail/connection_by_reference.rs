#![allow(unused)]

use phx_channels::{ChannelConn, channel};

struct Chat;

#[channel]
impl Chat {
    #[join("rooms:*")]
    async fn join(&self) {}

    #[on("rooms:*", "new:msg")]
    async fn new_msg(&self, conn: &mut ChannelConn<'_>) {}
}

fn main() {}
