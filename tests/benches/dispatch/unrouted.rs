//! What both sides have in common: the future of the call, and the payload. What they take longer is
//! the way to the method.

use super::{Message, arrived};
use phx_channels::{ChannelConn, ChannelEvent, ChannelHandler, async_trait};

pub(crate) struct Unrouted;

#[async_trait]
impl ChannelHandler for Unrouted {
    async fn join_channel(&self, conn: ChannelConn<'_>, event: ChannelEvent) {
        conn.allow_join(&event, &()).await;
    }

    async fn incoming_message(&self, _: ChannelConn<'_>, event: ChannelEvent) {
        let message: Message = event.payload().decode().unwrap();
        arrived((), &message);
    }
}
