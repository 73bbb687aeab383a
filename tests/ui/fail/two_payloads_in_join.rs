#![allow(unused)]

use phx_channels::{ChannelConn, channel};
use serde::{Deserialize, Serialize};

struct Chat;

#[derive(Serialize, Deserialize)]
struct Message {
    body: String,
}

type Name = String;

#[channel]
impl Chat {
    #[join("rooms:{room}")]
    async fn join(&self, name: Name, conn: ChannelConn<'_>, room: u32, message: Message) {}
}

fn main() {}
