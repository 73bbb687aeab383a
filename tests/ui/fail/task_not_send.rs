#![allow(unused)]

use phx_channels::{ChannelConn, Pusher, channel};
use std::rc::Rc;

struct Chat;

#[channel]
impl Chat {
    #[join("rooms:*")]
    async fn join(&self) {}

    #[on("rooms:*", "later")]
    async fn later(&self, conn: ChannelConn<'_>) {
        conn.spawn(async move {
            let rc = Rc::new(1);
            std::future::ready(()).await;
            drop(rc);
        });
    }
}

fn main() {}
