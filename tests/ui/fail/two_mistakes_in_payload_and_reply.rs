#![allow(unused)]

use phx_channels::channel;

struct Message;

struct Chat;

#[channel]
impl Chat {
    #[join("rooms:*")]
    async fn join(&self) {}

    #[on("rooms:*", "new:msg")]
    async fn new_msg(&self, message: Message) -> u32 {
        1
    }
}

fn uses_the_channel() {
    let _ = phx_channels::channel(Chat);
}

fn main() {}
