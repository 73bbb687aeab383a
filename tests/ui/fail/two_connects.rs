#![allow(unused)]

use phx_channels::channel;

struct Chat;

#[channel]
impl Chat {
    #[join("rooms:{room}")]
    async fn join(&self, room: &str) {}

    #[connect]
    async fn connect(&self) {}

    #[connect]
    async fn authenticate(&self) {}
}

fn main() {}
