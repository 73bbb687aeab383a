#![allow(unused)]

use phx_channels::{Reply, ReplyTo, channel};

struct Chat;

#[channel]
impl Chat {
    #[join("rooms:*")]
    async fn join(&self) {}

    #[on("rooms:*")]
    async fn make(&self, name: String, reply: ReplyTo) -> Reply {
        Reply::ok(&name)
    }
}

fn main() {}
