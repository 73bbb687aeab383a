#![allow(unused)]

use phx_channels::channel;

struct Chat;

#[channel]
impl Chat {
    #[join("rooms:*")]
    async fn join(&self) {}

    #[on("food:*", "eat")]
    async fn eat(&self) {}

    #[leave("rooms*:lobby")]
    async fn left(&self) {}
}

fn main() {}
