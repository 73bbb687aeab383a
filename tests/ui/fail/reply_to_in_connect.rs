#![allow(unused)]

use phx_channels::{ReplyTo, channel};

struct Chat;

#[channel]
impl Chat {
    #[connect]
    async fn connect(&self, reply: ReplyTo) {}

    #[join("rooms:*")]
    async fn join(&self) {}

}

fn main() {}
