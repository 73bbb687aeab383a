#![allow(unused)]

use phx_channels::{Joined, channel};

struct Chat;

struct Member;

struct Guest;

#[channel]
impl Chat {
    #[join("rooms:*")]
    async fn join(&self) -> Joined<Member> {
        Joined::new(Member)
    }

    #[intercept("rooms:*", "new:msg")]
    async fn new_msg(&self, guest: &Guest) {}

    #[info("rooms:*")]
    async fn tick(&self, member: &mut Member, tick: u8) {}
}

fn main() {}
