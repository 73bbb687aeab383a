#![allow(unused)]

use phx_channels::{Payload, channel};

struct Chat;

#[channel]
impl Chat {
    #[join("rooms:*")]
    async fn join(&self) {}

    #[intercept("rooms:*", "user:*")]
    async fn user(&self, payload: Payload) -> Option<Payload> {
        None
    }
}

fn main() {}
