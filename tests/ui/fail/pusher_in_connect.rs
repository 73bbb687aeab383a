#![allow(unused)]

use phx_channels::{Pusher, channel};

struct Chat;

#[channel]
impl Chat {
    #[connect]
    async fn connect(&self, pusher: Pusher) {}

    #[join("rooms:*")]
    async fn join(&self) {}

}

fn main() {}
