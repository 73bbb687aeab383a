#![allow(unused)]

use phx_channels::{Refused, channel};

struct Chat;

#[channel]
impl Chat {
    #[connect]
    async fn connect(&self, token: String) -> Result<(), Refused> {
        Ok(())
    }

    #[join("rooms:{room}")]
    async fn join(&self, room: &str) {}
}

fn main() {}
