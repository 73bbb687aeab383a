#![allow(unused)]

use phx_channels::channel;

struct Chat;

#[channel]
impl Chat {
    #[join("rooms:{room}")]
    async fn join(&self, room: &str) {}

    #[leave("users:{user}:messages")]
    async fn leave(&self, user: &str) {}
}

fn main() {}
