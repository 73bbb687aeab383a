#![allow(unused)]

use phx_channels::Event;
use serde::Serialize;

#[derive(Serialize, Event)]
#[event = "new:msg"]
struct Message;

fn main() {}
