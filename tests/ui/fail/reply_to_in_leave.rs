#![allow(unused)]

use phx_channels::{ReplyTo, channel};

struct Chat;

type Later = ReplyTo;

#[channel]
impl Chat {
    #[join("rooms:*")]
    async fn join(&self) {}

    #[leave("rooms:*")]
    async fn left(&self, later: Later) {}
}

fn main() {}
