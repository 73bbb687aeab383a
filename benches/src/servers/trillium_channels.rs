//! trillium-channels.

use trillium::Handler;
use trillium_channels::{ChannelConn, ChannelEvent, ChannelHandler, channel};

struct Rooms;

impl ChannelHandler for Rooms {
    async fn join_channel(&self, conn: ChannelConn<'_>, event: ChannelEvent) {
        conn.allow_join(&event, &()).await;
    }

    async fn incoming_message(&self, conn: ChannelConn<'_>, event: ChannelEvent) {
        if event.event() == "echo" {
            conn.reply_ok(&event, event.payload()).await;
        } else {
            conn.broadcast(event);
        }
    }
}

pub(super) fn handler() -> impl Handler {
    channel(Rooms)
}
