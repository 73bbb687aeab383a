#![allow(unused)]

use phx_channels::Event;
use serde::Serialize;

#[derive(Serialize, Event)]
#[event("phx_reply")]
struct Message;

fn main() {}
