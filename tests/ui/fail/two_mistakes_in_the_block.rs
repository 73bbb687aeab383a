#![allow(unused)]

use phx_channels::channel;

macro_rules! more_methods {
    () => {};
}

struct Chat;

#[channel]
impl Chat {
    #[connect]
    async fn connect(&self) {}

    #[connect]
    async fn connect_again(&self) {}

    #[join("rooms:*")]
    async fn join(&self) {}

    more_methods!();
}

fn main() {}
