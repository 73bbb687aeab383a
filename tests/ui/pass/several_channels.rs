//! Several channels on one socket, nested and with one written by hand.

#![deny(warnings)]

use phx_channels::{ChannelConn, ChannelEvent, ChannelHandler, async_trait, channel};

struct Chat;

#[channel]
impl Chat {
    #[join("rooms:*")]
    async fn join(&self) {}
}

struct Generic<T>(T);

#[channel]
impl<T: Send + Sync + 'static> Generic<T> {
    #[join("generic:*")]
    async fn join(&self) {
        let _ = &self.0;
    }
}

struct ByHand;

#[async_trait]
impl ChannelHandler for ByHand {
    async fn join_channel(&self, conn: ChannelConn<'_>, event: ChannelEvent) {
        conn.allow_join(&event, &()).await;
    }
}

fn main() {
    let _ = channel((Chat, Generic(1_u8), ByHand));
    let _ = channel(((Chat, Generic("x")), (ByHand, Generic(()))));
}
