#![allow(unused)]

use phx_channels::channel;

struct Chat;

#[channel]
impl Chat {
    #[join("rooms:*")]
    async fn join(&self) {}

    #[on("rooms::lobby", "phx_join")]
    async fn joined(&self) {}
}

fn main() {}
