#![allow(unused)]

use phx_channels::{ChannelConn, channel};

struct Chat;

struct User;

#[channel]
impl Chat {
    #[join("rooms:*")]
    async fn join(&self) {}

    #[on("rooms:*", "login")]
    async fn login(&self, client: ChannelConn<'_>, name: String) -> Result<(), ()> {
        if !name.is_empty() {
            let keep = || client.insert_state(User);
            keep();
        }
        Ok(())
    }
}

fn main() {}
