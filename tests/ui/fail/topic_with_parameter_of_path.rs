#![allow(unused)]

use phx_channels::channel;

struct Chat;

#[channel]
impl Chat {
    #[join("/rooms/:id")]
    async fn join(&self) {}
}

fn main() {}
