#![allow(unused)]

use phx_channels::Event;
use serde::Serialize;

#[derive(Serialize, Event)]
#[event("new:msg")]
#[event("new:image")]
struct Message;

fn main() {}
