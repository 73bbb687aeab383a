#![allow(unused)]

use phx_channels::channel;

struct Chat;

#[channel]
impl Chat {
    #[join("rooms:{room}")]
    async fn join(&self, room: &str) {}

    #[on("rooms:{room}", "new:msg")]
    async fn new_msg(&self, message: String) {}

    #[on("room:*", "new:image")]
    fn new_image(&self, image: &[u8]) {}
}

fn uses_the_channel() {
    let _ = phx_channels::channel(Chat);
    let _ = Chat.new_msg(String::new());
}

fn main() {}
