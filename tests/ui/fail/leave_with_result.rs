#![allow(unused)]

use phx_channels::channel;

struct Chat;

#[channel]
impl Chat {
    #[join("rooms:{room}")]
    async fn join(&self, room: &str) {}

    #[leave("rooms:*")]
    async fn leave(&self) -> Result<(), String> {
        Ok(())
    }
}

fn main() {}
