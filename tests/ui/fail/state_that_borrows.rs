#![allow(unused)]

use phx_channels::{Joined, channel};

struct Chat {
    name: String,
}

#[channel]
impl Chat {
    #[join("rooms:{room}")]
    async fn join(&self, room: &str) -> Joined<&str> {
        Joined::new(&self.name)
    }

    #[on("rooms:*", "name")]
    async fn name(&self, name: &&str) {}
}

fn main() {}
