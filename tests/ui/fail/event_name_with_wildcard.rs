use phx_channels::Event;
use serde::Serialize;

#[derive(Serialize, Event)]
#[event("user:*")]
struct User;

fn main() {}
