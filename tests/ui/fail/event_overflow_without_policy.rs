#![allow(unused)]

use phx_channels::Event;
use serde::Serialize;

#[derive(Serialize, Event)]
#[event("cursor", overflow = )]
struct Cursor;

fn main() {}
