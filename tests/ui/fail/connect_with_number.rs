#![allow(unused)]

use phx_channels::{Refused, channel};

struct Chat;

type UserId = u64;

#[channel]
impl Chat {
    #[connect]
    async fn connect(&self, user: UserId) -> Result<(), Refused> {
        Ok(())
    }

    #[join("rooms:{room}")]
    async fn join(&self, room: &str) {}
}

fn main() {}
