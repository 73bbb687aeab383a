#![allow(unused)]

use phx_channels::{ReplyTo, channel};

struct Chat;

#[channel]
impl Chat {
    #[join("rooms:*")]
    async fn join(&self, reply: ReplyTo) {}
}

fn main() {}
