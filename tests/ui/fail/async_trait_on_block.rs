#![allow(unused)]

use phx_channels::{async_trait, channel};

struct Chat;

#[channel]
#[async_trait]
impl Chat {
    #[join("rooms:{room}")]
    async fn join(&self, room: &str) {}

    #[on("rooms:*", "new:msg")]
    async fn new_msg(&self) {}
}

fn main() {}
