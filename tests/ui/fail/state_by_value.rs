#![allow(unused)]

use phx_channels::{Joined, channel};

struct Member {
    name: String,
}

struct Chat;

#[channel]
impl Chat {
    #[join("rooms:{room}")]
    async fn join(&self, room: String) -> Result<Joined<Member>, String> {
        Ok(Joined::new(Member { name: room }))
    }

    #[on("rooms:*", "rename")]
    async fn rename(&self, member: Member, name: String) {}
}

fn main() {}
