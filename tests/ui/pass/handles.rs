//! What goes into tasks.

#![deny(warnings)]

use phx_channels::{Pusher, Reply, ReplyTo, channel};
use std::thread;

struct Jobs;

#[channel]
impl Jobs {
    #[join("jobs:*")]
    async fn join(&self, pusher: Pusher) {
        thread::spawn(move || {
            if pusher.is_alive() {
                pusher.clone().push(("jobs:1", "tick"));
            }
        });
    }

    #[on("jobs:*", "start")]
    async fn start(&self, reply: ReplyTo, seconds: u64) {
        thread::spawn(move || match seconds {
            0 => reply.error("too short"),
            1 => reply.ok(&seconds),
            _ => reply.send(&Reply::new("later", &seconds)),
        });
    }
}

fn main() {
    let _ = channel(Jobs);
}
