#![allow(unused)]

use phx_channels::{Joined, channel};

struct Failure;

type Answer<T> = Result<T, Failure>;

struct Member;

struct Chat;

#[channel]
impl Chat {
    #[join("rooms:{room}")]
    async fn join(&self, room: &str) -> Result<Joined<Member>, Failure> {
        Err(Failure)
    }

    #[on("rooms:*", "new:msg")]
    async fn new_msg(&self, member: &Member) -> Answer<u32> {
        Err(Failure)
    }
}

fn main() {}
