//! `#[info]`: any type may be a message, and any argument besides.

#![deny(warnings)]

use phx_channels::{
    ChannelConn, ChannelEvent, FromEvent, Joined, Payload, Pusher, channel,
};
use serde::Deserialize;
use std::sync::mpsc::Receiver;

struct Clock<T>(T);

struct Tick(u32);

/// Payloads may be messages, too.
#[derive(Clone, Deserialize)]
struct Both;

#[derive(Default)]
struct Seen(u32);

struct User;

impl<'a> FromEvent<'a> for User {
    type Rejection = &'static str;

    fn from_event(_: ChannelConn<'a>, _: &ChannelEvent) -> Result<Self, &'static str> {
        Ok(Self)
    }
}

#[channel]
impl<T: Clone + Send + Sync + 'static> Clock<T> {
    #[join("clock:{zone}")]
    async fn join(&self, zone: &str, conn: ChannelConn<'_>, pusher: Pusher) -> Joined<Seen> {
        conn.subscribe(&format!("rooms:{zone}"));
        pusher.tell(Tick(1));
        pusher.tell(self.0.clone());
        Joined::new(Seen::default())
    }

    #[info("clock:*")]
    async fn tick(&self, Tick(number): Tick) {
        let _ = number;
    }

    #[info("clock:*")]
    async fn with_all(&self, seen: &mut Seen, user: User, mut both: Both, conn: ChannelConn<'_>) {
        let User = user;
        seen.0 += 1;
        both = both.clone();
        conn.broadcast((conn.topic(), "seen"));
        drop(both);
    }

    #[info("clock:{zone}")]
    async fn in_zone(&self, zone: u8, _: Tick, seen: &Seen) {
        let _ = (zone, seen.0);
    }

    #[info("clock:*")]
    async fn number(&self, number: u8, payload: Payload, _: Pusher) {
        let _ = (number, payload);
    }

    #[info("clock:*")]
    async fn not_sync(&self, receiver: Receiver<u8>) {
        drop(receiver);
    }

    #[info("clock:*")]
    async fn relayed(&self, event: ChannelEvent) {
        drop(event);
    }

    #[info("clock:*")]
    async fn generic(&self, message: T) {
        drop(message);
    }

    #[cfg(all())]
    #[info("clock:*")]
    async fn there(&self, _: u16) {}

    #[cfg(any())]
    #[info("clock:*")]
    async fn not_there(&self, _: Missing) {}
}

fn main() {
    let _ = channel(Clock("x"));
}
