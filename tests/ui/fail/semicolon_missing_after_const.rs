#![allow(unused)]

use phx_channels::channel;

struct Chat;

#[channel]
impl Chat {
    #[join("rooms:{room}")]
    async fn join(&self, room: &str) {}

    const LIMIT: usize = 10

    #[on("rooms:*", "new:msg")]
    async fn new_msg(&self) -> Result<usize, ()> {
        Ok(Self::LIMIT)
    }
}

fn main() {}
