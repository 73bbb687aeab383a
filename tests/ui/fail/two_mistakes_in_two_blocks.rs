#![allow(unused)]

use phx_channels::channel;

struct Chat;

struct Games;

#[channel]
impl Chat {
    #[on("rooms:*", "new:msg")]
    async fn new_msg(&self) {}
}

#[channel]
impl Games {
    #[join("games:{game")]
    async fn join(&self) {}
}

fn main() {}
