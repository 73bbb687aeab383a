#![allow(unused)]

use phx_channels::channel;

struct Chat;

impl Chat {
    async fn join(&self, room: &str) {}
}

fn main() {
    let _ = channel(Chat);
}
