#![allow(unused)]

use phx_channels::{LeaveReason, channel};

struct Chat;

#[channel]
impl Chat {
    #[join("rooms:*")]
    async fn join(&self) {}

    #[on("rooms:*", "make")]
    async fn make(&self, reason: LeaveReason) {}
}

fn main() {}
