#![allow(unused)]

use phx_channels::channel;

macro_rules! helper {
    ($name:ident) => {
        fn $name(&self) {}
    };
}

struct Chat;

#[channel]
impl Chat {
    #[join("rooms:{room}")]
    async fn join(&self, room: &str) {}

    helper!(greet);
}

fn main() {}
