use phx_channels::{ChannelConn, Event, channel};
use serde::{Deserialize, Serialize};

struct Chat;

#[derive(Serialize, Deserialize, Event)]
#[event("new:msg")]
struct Message {
    user: String,
    body: String,
}

#[channel]
impl Chat {
    #[join("rooms:*")]
    async fn join(&self, conn: ChannelConn<'_>) {
        conn.broadcast((conn.topic(), "user:entered"));
    }

    #[on("rooms:*", "new:msg")]
    async fn new_msg(&self, conn: ChannelConn<'_>, message: Message) {
        conn.broadcast(message);
    }
}

fn main() {
    trillium_smol::run(channel(Chat));
}
