#![allow(unused)]

use phx_channels::channel;
use std::sync::Arc;

struct Chat;

fn main() {
    let _ = channel(Arc::new(Chat));
}
