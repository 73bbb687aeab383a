#![allow(unused)]

use phx_channels::channel;

struct Chat;

#[channel]
impl Chat {
    #[join("rooms:*")]
    async fn join(&self) {}
}

#[channel]
impl Chat {
    #[join("users:*")]
    async fn join_user(&self) {}
}

fn main() {}
