#![allow(unused)]

use phx_channels::{Event, channel};

#[derive(serde::Serialize, Event)]
#[event("phx_join")]
struct Entered;

struct Chat;

#[channel]
impl Chat {
    #[join("rooms:*")]
    async fn join(&self) {}

    #[on("room:*", "new:msg")]
    async fn new_msg(&self) {}
}

fn main() {}
