//! Extractors of the user's own, generic and borrowing ones among them.

#![deny(warnings)]

use phx_channels::{ChannelConn, ChannelEvent, FromEvent, channel};
use serde::Serialize;

/// Anything that `connect` has left.
struct Kept<T>(T);

#[derive(Serialize)]
struct Missing {
    reason: &'static str,
    code: u16,
}

impl<'a, T: Clone + Send + Sync + 'static> FromEvent<'a> for Kept<T> {
    type Rejection = Missing;

    fn from_event(conn: ChannelConn<'a>, _: &ChannelEvent) -> Result<Self, Missing> {
        let kept = conn.state::<T>().cloned().map(Self);
        kept.ok_or(Missing { reason: "missing", code: 7 })
    }
}

struct Room<'a>(&'a str);

impl<'a> FromEvent<'a> for Room<'a> {
    type Rejection = &'static str;

    fn from_event(conn: ChannelConn<'a>, _: &ChannelEvent) -> Result<Self, &'static str> {
        conn.topic().strip_prefix("rooms:").map(Self).ok_or("no room")
    }
}

struct Chat;

#[channel]
impl Chat {
    #[connect]
    async fn connect(&self, conn: ChannelConn<'_>) {
        conn.insert_state(String::from("ann"));
    }

    #[join("rooms:*")]
    async fn join(&self, Kept(user): Kept<String>, Room(room): Room<'_>) -> Result<String, ()> {
        Ok(format!("{user} in {room}"))
    }

    #[disconnect]
    async fn gone(&self, user: Kept<String>) {
        drop(user.0);
    }
}

fn main() {
    let _ = channel(Chat);
}
