#![allow(unused)]

use phx_channels::{ChannelConn, channel};

struct Chat;

struct User;

#[channel]
impl Chat {
    #[join("rooms:*")]
    async fn join(&self, conn: ChannelConn<'_>) {
        conn.insert_state(User);
    }
}

fn main() {}
