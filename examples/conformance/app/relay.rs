//! `relay:<rest>`: passes on what is broadcast on `rooms:<rest>`.

use phx_channels::{ChannelConn, ChannelEvent, Event, Payload, channel};
use serde::Serialize;

pub(crate) struct Relay;

#[derive(Serialize, Event)]
struct Relayed<'a> {
    topic: &'a str,
    event: &'a str,
    payload: &'a Payload,
}

#[channel]
impl Relay {
    #[join("relay:{*rest}")]
    async fn join(&self, conn: ChannelConn<'_>, rest: &str) {
        conn.subscribe(&format!("rooms:{rest}"));
    }

    #[info("relay:*")]
    async fn relay(&self, conn: ChannelConn<'_>, event: ChannelEvent) {
        conn.push(Relayed {
            topic: event.topic(),
            event: event.event(),
            payload: event.payload(),
        });
    }
}
