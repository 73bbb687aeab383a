//! Extractors of the user's own, generic and borrowing ones among them.

#![deny(warnings)]

use phx_channels::{ChannelConn, ChannelEvent, FromEvent, channel};
use serde::{Deserialize, Serialize};

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

/// An extractor wherever it is an argument, though it could be decoded.
#[derive(Clone, Serialize, Deserialize)]
struct User {
    name: String,
}

impl FromEvent<'_> for User {
    type Rejection = &'static str;

    fn from_event(conn: ChannelConn<'_>, _: &ChannelEvent) -> Result<Self, &'static str> {
        conn.state::<Self>().cloned().ok_or("nobody")
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

    #[on("rooms:*", "rename")]
    async fn rename(&self, user: User, to: User) -> Result<User, String> {
        if user.name == to.name { Err(user.name) } else { Ok(to) }
    }

    #[on("rooms:*", "new:msg")]
    async fn new_msg(&self, user: User, body: String) -> Result<String, ()> {
        Ok(format!("{}: {body}", user.name))
    }

    #[intercept("rooms:*", "new:msg")]
    async fn for_member(&self, user: User, body: String) -> Option<User> {
        (user.name != body).then_some(user)
    }

    #[info("rooms:*")]
    async fn tick(&self, user: User, tick: u64) {
        drop((user, tick));
    }

    #[leave("rooms:*")]
    async fn left(&self, user: User) {
        drop(user);
    }

    #[disconnect]
    async fn gone(&self, user: Kept<String>) {
        drop(user.0);
    }
}

fn main() {
    let _ = channel(Chat);
}
