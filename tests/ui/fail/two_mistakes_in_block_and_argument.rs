#![allow(unused)]

use phx_channels::channel;
use serde::Deserialize;

#[derive(Deserialize)]
struct Message;

struct Chat;

#[channel(strict)]
impl Chat {
    #[join("rooms:*")]
    async fn join(&self) {}

    #[on("rooms:*", "new:msg")]
    async fn new_msg(&self, message: impl Into<Message>) {}
}

fn main() {}
