#![allow(unused)]

use phx_channels::channel;
use std::time::Duration;

struct Chat;

#[channel]
impl Chat {
    #[join("rooms:{room}")]
    async fn join(&self, room: &str) {}

    #[on("rooms:{room}", "new:msg")]
    async fn new_msg(&self, room: Duration) {}
}

fn main() {}
