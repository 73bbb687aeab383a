#![allow(unused)]

use phx_channels::{Payload, channel};

struct Chat;

#[channel]
impl Chat {
    #[join("rooms:{id}")]
    async fn join(&self, id: u64) {}

    #[intercept("rooms:{id}", "new:msg")]
    async fn new_msg(&self, id: &str, payload: Payload) -> Payload {
        payload
    }

    #[intercept("*", "new:msg")]
    async fn other(&self, payload: Payload) -> Payload {
        payload
    }
}

fn main() {}
