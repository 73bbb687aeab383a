#![allow(unused)]

use phx_channels::channel;

struct Chat;

struct Secret;

#[channel]
impl Chat {
    #[join("rooms:*")]
    async fn join(&self) {}

    #[intercept("rooms:*", "new:msg")]
    async fn new_msg(&self) -> Option<Secret> {
        None
    }
}

fn main() {}
