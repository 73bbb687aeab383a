#![allow(unused)]

use phx_channels::channel;

struct Chat;

struct Message;

#[channel]
impl Chat {
    #[join("rooms:*")]
    async fn join(&self) -> bool {
        true
    }

    #[on("rooms:*", "new:msg")]
    async fn new_msg(&self, message: Message) {}
}

fn main() {}
