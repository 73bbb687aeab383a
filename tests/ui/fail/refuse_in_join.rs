#![allow(unused)]

use phx_channels::{ChannelConn, Refused, channel};

struct Chat;

#[channel]
impl Chat {
    #[join("rooms:*")]
    async fn join(&self, conn: ChannelConn<'_>) {
        conn.refuse(Refused::new());
    }
}

fn main() {}
