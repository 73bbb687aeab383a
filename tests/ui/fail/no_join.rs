#![allow(unused)]

use phx_channels::channel;

struct Chat;

#[channel]
impl Chat {
    #[on("rooms:*", "new:msg")]
    async fn new_msg(&self) {}
}

fn main() {}
