#![allow(unused)]

use phx_channels::channel;

struct Chat;

#[channel]
impl Chat {
    #[join("rooms:*")]
    async fn join(&self) {}

    #[intercept("rooms:*", "new:msg")]
    async fn first(&self) {}

    #[intercept("rooms:{*rest}", "new:msg")]
    async fn second(&self, rest: &str) {}
}

fn main() {}
