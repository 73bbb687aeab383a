#![allow(unused)]

use phx_channels::channel;

struct Chat;

#[channel]
impl Chat {
    #[join("rooms:*")]
    async fn join(&self) {}

    #[on("rooms:*", "new:msg")]
    async fn new_msg(&self) {
        let count: u32 = "one";
    }

    #[on("rooms:*", "new:image")]
    async fn new_image(&mut self) {}
}

fn main() {}
