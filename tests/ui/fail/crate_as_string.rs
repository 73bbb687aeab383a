#![allow(unused)]

use phx_channels::channel;

struct Chat;

#[channel(crate = "phx_channels")]
impl Chat {
    #[join("rooms:{room}")]
    async fn join(&self, room: &str) {}
}

fn main() {}
