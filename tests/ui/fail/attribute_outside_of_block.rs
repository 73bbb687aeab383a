#![allow(unused)]

use phx_channels::channel;

struct Chat;

struct Admin;

#[channel]
impl Chat {
    #[join("rooms:*")]
    async fn join(&self) {
        impl Admin {
            #[join("admin:*")]
            async fn join(&self) {}
        }
    }
}

fn main() {}
