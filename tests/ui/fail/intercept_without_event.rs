#![allow(unused)]

use phx_channels::channel;

struct Chat;

#[channel]
impl Chat {
    #[join("rooms:*")]
    async fn join(&self) {}

    #[intercept("rooms:*")]
    async fn out(&self, message: String) -> Option<String> {
        Some(message)
    }
}

fn main() {}
