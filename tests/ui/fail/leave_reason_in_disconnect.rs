#![allow(unused)]

use phx_channels::{LeaveReason, channel};

struct Chat;

#[channel]
impl Chat {
    #[join("rooms:*")]
    async fn join(&self) {}

    #[disconnect]
    async fn gone(&self, reason: LeaveReason) {}
}

fn main() {}
