#![allow(unused)]

use phx_channels::Event;
use serde::Serialize;

#[derive(Serialize, Event)]
#[event(name = "new:msg")]
struct Message;

fn main() {}
