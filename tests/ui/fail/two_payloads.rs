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

    #[on("rooms:*", "new:msg")]
    async fn new_msg(&self, message: Message, to: String) {}
}

fn main() {}
