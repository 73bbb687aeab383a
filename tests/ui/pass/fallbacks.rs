//! Methods for whatever no other method takes.

#![deny(warnings)]

use phx_channels::{ChannelEvent, Payload, Reply, channel};

struct Chat;

#[channel]
impl Chat {
    #[join("rooms:{room}")]
    async fn join(&self, _room: &str) {}

    #[on("rooms:{room}")]
    async fn rooms(&self, room: &str, event: ChannelEvent) -> Result<String, ()> {
        Ok(format!("{room} {}", event.event()))
    }

    #[on("*")]
    async fn rest(&self, payload: Payload) -> Reply {
        Reply::new("unknown", &payload)
    }

    #[on("rooms:lobby", "known")]
    async fn known(&self) {}
}

fn main() {
    let _ = channel(Chat);
}
