#![allow(unused)]

use phx_channels::channel;

struct Chat<T>(T);

#[channel]
impl<T: Send + Sync + 'static> Chat<T> {
    #[join("rooms:{room}")]
    async fn join(&self, room: &str) {}

    #[on("rooms:*", "new:msg")]
    async fn new_msg(&self)
    where
        T: Clone,
    {
    }
}

fn main() {}
