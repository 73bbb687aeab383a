//! Lifetimes that are written out, and `self: &Self`.

#![deny(warnings)]

use phx_channels::{ChannelConn, ChannelEvent, FromEvent, Joined, Refused, channel};
use std::borrow::Cow;

struct Chat;

struct Member {
    name: String,
}

struct User<'a>(&'a str);

impl<'a> FromEvent<'a> for User<'a> {
    type Rejection = &'static str;

    fn from_event(conn: ChannelConn<'a>, _: &ChannelEvent) -> Result<Self, &'static str> {
        Ok(User(conn.topic()))
    }
}

#[channel]
impl Chat {
    #[connect]
    async fn connect<'a>(&'a self, conn: ChannelConn<'a>) -> Result<(), Refused> {
        conn.peer_ip().map(|_| ()).ok_or_else(Refused::new)
    }

    #[join("rooms:{room}")]
    async fn join<'a>(self: &'a Self, conn: ChannelConn<'a>, room: &'a str) -> Joined<Member> {
        Joined::new(Member { name: format!("{room} {}", conn.topic()) })
    }

    #[on("rooms:{_room}", "rename")]
    async fn rename<'a, 'b: 'a>(
        &self,
        _room: Cow<'a, str>,
        member: &'b mut Member,
        user: User<'a>,
    ) -> Result<&'a str, String>
    where
        Self: 'b,
        'b: 'a,
    {
        member.name = user.0.to_owned();
        Ok(&member.name)
    }

    #[on("rooms:{room}", "name")]
    async fn name<'a>(&'a self, member: &'a Member, room: &'a str) -> Result<&'a str, &'a str> {
        if room.is_empty() { Err(room) } else { Ok(&member.name) }
    }

    #[info("rooms:{room}")]
    async fn told<'a>(self: &Self, conn: ChannelConn<'a>, room: &'a str, text: String) {
        conn.push((conn.topic(), room, [(text, 1)].into_iter().collect::<Map>()));
    }

    #[leave("rooms:{room}")]
    async fn leave<'a>(&'a self, conn: ChannelConn<'a>, room: &'a str) {
        conn.broadcast((conn.topic(), room));
    }
}

type Map = std::collections::BTreeMap<String, u8>;

fn main() {
    let _ = channel(Chat);
}
