#![allow(unused)]

use phx_channels::channel;

struct Chat;

#[channel]
impl Chat {
    #[join("rooms:{room}")]
    async fn join(&self, room: &str) {}
}

fn main() {
    let _ = channel((Chat, Chat, Chat, Chat, Chat, Chat, Chat, Chat, Chat));
}
