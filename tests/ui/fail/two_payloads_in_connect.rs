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
    #[connect]
    async fn connect(&self, message: Message, other: Option<Message>) {}

    #[join("rooms:*")]
    async fn join(&self) {}

}

fn main() {}
