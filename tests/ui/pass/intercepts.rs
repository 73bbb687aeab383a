//! `#[intercept]` with every kind of argument and answer.

#![deny(warnings)]

use phx_channels::{
    ChannelConn, ChannelEvent, FromEvent, Joined, Params, Payload, Pusher, channel,
};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

struct Chat;

struct Member(u32);

#[derive(Serialize, Deserialize)]
struct Message {
    body: String,
}

struct User;

impl<'a> FromEvent<'a> for User {
    type Rejection = &'static str;

    fn from_event(_: ChannelConn<'a>, _: &ChannelEvent) -> Result<Self, &'static str> {
        Ok(Self)
    }
}

#[channel]
impl Chat {
    #[join("rooms:{room}")]
    async fn join(&self, room: u32) -> Joined<Member> {
        Joined::new(Member(room))
    }

    #[intercept("rooms:{room}", "maybe")]
    async fn maybe(&self, room: u32, member: &mut Member, message: Message) -> Option<Message> {
        member.0 += room;
        Some(message)
    }

    #[intercept("rooms:{_room}", "always")]
    async fn always(&self, Message { body }: Message, _room: &str) -> Message {
        Message { body }
    }

    #[intercept("rooms:*", "passed:on")]
    async fn passed_on(&self, payload: Payload, user: User, member: &Member) -> Option<Payload> {
        let User = user;
        (member.0 > 0).then_some(payload)
    }

    #[intercept("rooms:*", "other")]
    async fn other(&self, conn: ChannelConn<'_>, event: ChannelEvent) -> Option<Message> {
        conn.push((conn.topic(), "renamed", event.payload()));
        None
    }

    #[intercept("rooms:*", "nothing")]
    async fn nothing(&self, _: Params<HashMap<String, String>>, pusher: Pusher) {
        pusher.push(("rooms:1", "x"));
    }

    /// The same method name as nowhere else, and a literal pattern.
    #[intercept("rooms:1", "maybe")]
    async fn one(&self) -> Vec<u8> {
        Vec::new()
    }
}

fn main() {
    let _ = channel(Chat);
}
