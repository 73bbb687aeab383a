#![allow(unused)]

use phx_channels::channel;
use serde::{Deserialize, Serialize};

struct Chat;

#[derive(Serialize, Deserialize)]
struct Message {
    body: String,
}

#[channel]
impl Chat {
    #[join("rooms:*")]
    async fn join(&self) {}

    #[leave("rooms:*")]
    async fn left(&self, message: Message) {}
}

fn main() {}
