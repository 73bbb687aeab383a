#![allow(unused)]

use phx_channels::{ReplyTo, channel};

struct Chat;

#[channel]
impl Chat {
    #[join("rooms:*")]
    async fn join(&self) {}

    #[on("rooms:*", "make")]
    async fn make(&self, reply: ReplyTo, again: ReplyTo) {}
}

fn main() {}
