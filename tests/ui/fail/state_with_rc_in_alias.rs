#![allow(unused)]

use phx_channels::{Joined, channel};
use std::rc::Rc;

struct Member {
    name: Rc<str>,
}

type Answer = Result<Joined<Member, String>, String>;

struct Chat;

#[channel]
impl Chat {
    #[join("rooms:{room}")]
    async fn join(&self, room: &str) -> Answer {
        Ok(Joined::new(Member { name: room.into() }).reply("welcome".into()))
    }

    #[intercept("rooms:*", "new:msg")]
    async fn for_member(&self, member: &Member) -> Option<()> {
        None
    }

    #[info("rooms:*")]
    async fn renamed(&self, member: &mut Member, to: String) {
        member.name = to.into();
    }
}

fn main() {}
