#![allow(unused)]

use phx_channels::Event;

#[derive(Event)]
#[event("new:msg")]
struct Message;

fn main() {}
