//! phx-channels.

use super::Message;
use phx_channels::{ChannelConn, channel};
use trillium::Handler;

struct Rooms;

#[channel]
impl Rooms {
    #[join("*")]
    async fn join(&self) {}

    #[on("*", "msg")]
    async fn msg(&self, conn: ChannelConn<'_>, message: Message) {
        conn.broadcast(message);
    }

    #[on("*", "echo")]
    async fn echo(&self, message: Message) -> Result<Message, &'static str> {
        Ok(message)
    }
}

pub(super) fn handler() -> impl Handler {
    channel(Rooms)
}
