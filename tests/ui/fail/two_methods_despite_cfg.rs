#![allow(unused, unexpected_cfgs)]
#![deny(unreachable_patterns)]

use phx_channels::channel;

struct Chat;

#[channel]
impl Chat {
    #[join("rooms:{room}")]
    async fn join(&self, room: &str) {}

    #[cfg(not(absent))]
    #[on("rooms:*", "new:msg")]
    async fn new_msg(&self) {}

    #[on("rooms:*", "new:msg")]
    async fn new_message(&self) {}

    #[cfg(not(absent))]
    #[on("rooms:*")]
    async fn other(&self) {}

    #[on("rooms:{*rest}")]
    async fn rest(&self, rest: &str) {}

    #[cfg(not(absent))]
    #[leave("rooms:*")]
    async fn leave(&self) {}

    #[leave("rooms:*")]
    async fn left(&self) {}
}

fn main() {}
