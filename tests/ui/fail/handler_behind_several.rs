#![allow(unused)]

use phx_channels::channel;

struct Chat;

#[channel]
impl Chat {
    #[join("rooms:lobby")]
    async fn lobby(&self) {}

    #[join("rooms:hall")]
    async fn hall(&self) {}

    #[on("rooms:lobby", "new:msg")]
    async fn in_lobby(&self) {}

    #[on("rooms:hall", "new:msg")]
    async fn in_hall(&self) {}

    #[on("rooms:{room}", "new:msg")]
    async fn other(&self, room: &str) {}
}

fn main() {}
