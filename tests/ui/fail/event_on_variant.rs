#![allow(unused)]

use phx_channels::Event;
use serde::Serialize;

#[derive(Serialize, Event)]
enum Message {
    #[event("new:msg")]
    Text(String),
}

fn main() {}
