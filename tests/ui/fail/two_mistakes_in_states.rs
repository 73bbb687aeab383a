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

    #[on("rooms:*", "new:msg")]
    async fn new_msg(&self, guest: &Guest) {}

    #[leave("rooms:*")]
    async fn left(&self, name: &mut String) {}
}

fn main() {}
