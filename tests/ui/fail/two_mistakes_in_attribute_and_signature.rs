#![allow(unused)]

use phx_channels::channel;

struct Chat;

#[channel]
impl Chat {
    #[join("rooms:*")]
    async fn join(&self) {}

    #[on("rooms:*", "new:msg", "ok")]
    async fn new_msg(&self) {}

    #[leave("rooms:*")]
    fn left(&self) {}
}

fn main() {}
