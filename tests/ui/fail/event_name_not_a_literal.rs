#![allow(unused)]

use phx_channels::Event;
use serde::Serialize;

#[derive(Serialize, Event)]
#[event(NEW_MSG)]
struct Message;

fn main() {}
