#![allow(unused)]

use phx_channels::channel;

struct Chat;

#[channel]
impl Chat {
    #[join("rooms:{id}")]
    async fn join(&self, id: u64) {}

    #[join("rooms:{kind}:{id}")]
    async fn of_kind(&self, kind: &str, id: u64) {}

    #[leave("rooms:*")]
    async fn left(&self, id: u64) {}
}

fn main() {}
