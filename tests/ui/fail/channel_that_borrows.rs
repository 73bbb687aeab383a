#![allow(unused)]

use phx_channels::channel;

struct Chat<'a>(&'a str);

#[channel]
impl<'a> Chat<'a> {
    #[join("rooms:{room}")]
    async fn join(&self, room: &str) {}
}

fn main() {}
