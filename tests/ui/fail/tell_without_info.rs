#![allow(unused)]

use phx_channels::{Pusher, channel};

struct Chat;

struct Tick;

#[channel]
impl Chat {
    #[join("rooms:*")]
    async fn join(&self, pusher: Pusher) {
        std::thread::spawn(move || pusher.tell(Tick));
    }
}

fn main() {}
