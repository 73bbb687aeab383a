#![allow(unused)]

use phx_channels::Event;
use serde::Serialize;

#[derive(Serialize, Event)]
#[event("")]
struct Message;

fn main() {}
