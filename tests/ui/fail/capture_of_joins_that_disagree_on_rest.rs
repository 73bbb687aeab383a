#![allow(unused)]

use phx_channels::channel;

struct Chat;

#[channel]
impl Chat {
    #[join("files:{path}")]
    async fn join(&self, path: &str) {}

    #[join("files:{*path}")]
    async fn deep(&self, path: &str) {}

    #[on("files:*", "open")]
    async fn open(&self, path: &str) {}
}

fn main() {}
