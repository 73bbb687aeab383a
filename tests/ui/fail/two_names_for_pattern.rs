#![allow(unused)]

use phx_channels::channel;

struct Chat;

#[channel]
impl Chat {
    #[join("rooms:{room}")]
    async fn join(&self, room: &str) {}

    #[join("rooms:{id}")]
    async fn join_by_id(&self, id: u32) {}
}

fn main() {}
