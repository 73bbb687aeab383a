#![allow(unused)]

use phx_channels::{ChannelConn, Joined, channel};
use std::rc::Rc;

struct Member {
    name: Rc<str>,
}

struct Chat;

#[channel]
impl Chat {
    #[join("rooms:{room}")]
    async fn join(&self, room: &str) -> Result<Joined<Member>, String> {
        Ok(Joined::new(Member { name: room.into() }))
    }

    #[on("rooms:*", "name")]
    async fn name(&self, member: &Member) {}

    #[on("rooms:*", "rename")]
    async fn rename(&self, conn: ChannelConn<'_>, member: &mut Member, name: String) {
        member.name = name.into();
    }

    #[leave("rooms:*")]
    async fn left(&self, member: &Member) {}
}

fn main() {}
