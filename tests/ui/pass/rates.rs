//! A rate, with and without an event, in any unit and any place.

#![deny(warnings)]

use phx_channels::{ChannelConn, channel};
use std::collections::BTreeMap;

struct Chat;

#[channel]
impl Chat {
    #[join("rooms:{room}")]
    async fn join(&self, _room: &str) {}

    #[on("rooms:*", "new:msg", rate = "10/s")]
    async fn new_msg(&self, conn: ChannelConn<'_>, text: String) {
        conn.push((conn.topic(), "echo", BTreeMap::from([("text", text)])));
    }

    #[on("rooms:{room}", "typing", rate = "30/m",)]
    async fn typing(&self, room: &str) -> Result<String, ()> {
        Ok(room.to_owned())
    }

    #[on(rate = "4294967295/s", "rooms:*", "often")]
    async fn often(&self) {}

    #[cfg(any())]
    #[on("rooms:*", "absent", rate = "1/s")]
    async fn absent(&self) {}

    #[on("rooms:*", rate = r"1/s")]
    async fn other(&self) {}
}

macro_rules! limited {
    ($name:ident, $rate:literal) => {
        struct $name;

        #[channel]
        impl $name {
            #[join("rooms:*")]
            async fn join(&self) {}

            #[on("rooms:*", "new:msg", rate = $rate)]
            async fn new_msg(&self) {}
        }
    };
}

limited!(Generated, "5/s");

fn main() {
    let _ = phx_channels::channel((Chat, Generated));
}
