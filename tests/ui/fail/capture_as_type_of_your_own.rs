#![allow(unused)]

use phx_channels::channel;
use std::str::FromStr;

struct Chat;

struct RoomId(u64);

impl FromStr for RoomId {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

#[channel]
impl Chat {
    #[join("rooms:{id}")]
    async fn join(&self, id: String) {}

    #[leave("rooms:{id}")]
    async fn left(&self, id: RoomId) {}
}

fn main() {}
