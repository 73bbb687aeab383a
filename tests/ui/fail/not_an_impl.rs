#![allow(unused)]

use phx_channels::channel;

#[channel]
struct Chat;

fn main() {}
