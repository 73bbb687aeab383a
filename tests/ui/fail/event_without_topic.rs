#![allow(unused)]

use phx_channels::{Broadcaster, Event};
use serde::Serialize;

#[derive(Serialize, Event)]
#[event("new:msg")]
struct Message {
    body: String,
}

fn tell_all(broadcaster: &Broadcaster, body: String) {
    broadcaster.broadcast(Message { body });
}

fn main() {}
