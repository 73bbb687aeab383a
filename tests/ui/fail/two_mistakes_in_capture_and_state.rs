#![allow(unused)]

use phx_channels::channel;

struct Chat;

struct Member;

#[channel]
impl Chat {
    #[join("rooms:{room}")]
    async fn join(&self, member: &mut Member, room: &str) {}

    #[on("rooms:{room}", "new:msg")]
    async fn new_msg(&self) {}
}

fn main() {}
