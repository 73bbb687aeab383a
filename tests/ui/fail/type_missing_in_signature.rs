#![allow(unused)]

use phx_channels::channel;

struct Chat;

#[channel]
impl Chat {
    #[join("rooms:{room}")]
    async fn join(&self, room: &str) {}

    #[on("rooms:*", "new:msg")]
    async fn new_msg(&self) -> {}

    #[on("rooms:*", "new:image")]
    async fn new_image(&self) {}
}

fn main() {}
