#![allow(unused)]

use phx_channels::channel;
use std::sync::Arc;

struct Chat;

#[channel]
impl Chat {
    #[join("rooms:{room}")]
    async fn join(&self, room: &str) {}

    #[on("rooms:*", "new:msg")]
    async fn new_msg(self: Arc<Self>) {}
}

fn main() {}
