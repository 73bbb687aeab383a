#![allow(unused)]

use phx_channels::channel;

struct Chat;

#[channel(crate)]
impl Chat {
    #[join("rooms:{room}")]
    async fn join(&self, room: &str) {}
}

fn main() {}
