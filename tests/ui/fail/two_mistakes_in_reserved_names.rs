#![allow(unused)]

use phx_channels::channel;

struct Chat;

#[channel]
impl Chat {
    #[join("rooms:*")]
    async fn join(&self) {}

    #[join("phoenix")]
    async fn protocol(&self) {}

    #[on("rooms:*", "phx_leave")]
    async fn left(&self) {}
}

fn main() {}
