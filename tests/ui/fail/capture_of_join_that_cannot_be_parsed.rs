#![allow(unused)]

use phx_channels::channel;

struct Chat;

struct Id(u64);

#[channel]
impl Chat {
    #[join("rooms:{id}")]
    async fn join(&self, id: u64) {}

    #[on("rooms:*", "new:msg")]
    async fn new_msg(&self, id: Id) {}
}

fn main() {}
