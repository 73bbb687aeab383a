#![allow(unused)]

use phx_channels::channel;

struct Chat;

struct Message {
    body: String,
}

#[channel]
impl Chat {
    #[join("rooms:*")]
    async fn join(&self) -> Result<String, ()> {
        Ok("welcome".into())
    }

    #[on("rooms:*", "new:msg")]
    async fn new_msg(&self, message: &Message) {}
}

fn main() {}
