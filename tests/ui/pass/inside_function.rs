//! A channel may be declared where only a function sees it.

#![deny(warnings)]

fn main() {
    use phx_channels::{ChannelConn, Event, channel};
    use serde::{Deserialize, Serialize};

    struct Chat;

    #[derive(Serialize, Deserialize, Event)]
    struct Message(String);

    #[channel]
    impl Chat {
        #[join("rooms:{room}")]
        async fn join(&self, room: &str) {
            let _ = room;
        }

        #[on("rooms:*", "new:msg")]
        async fn new_msg(&self, conn: ChannelConn<'_>, message: Message) {
            conn.broadcast(message);
        }
    }

    let _ = channel(Chat);
}
