#![allow(unused)]

use phx_channels::channel;

struct Message;

struct Chat;

#[channel]
impl Chat {
    #[join("rooms:{room}")]
    async fn join(&self, room: &str) {}

    #[on("rooms:*", "new:msg")]
    async fn new_msg(&self) -> Result<Message, String> {
        Ok(Message)
    }
}

fn main() {}
