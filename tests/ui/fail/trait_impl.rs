#![allow(unused)]

use phx_channels::channel;

struct Chat;

trait Rooms {
    async fn join(&self);
}

#[channel]
impl Rooms for Chat {
    #[join("rooms:*")]
    async fn join(&self) {}
}

fn main() {}
