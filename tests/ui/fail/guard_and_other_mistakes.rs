#![allow(unused)]

use phx_channels::channel;
use std::{future::ready, sync::Mutex, time::Instant};

struct Chat {
    log: Mutex<String>,
}

#[channel]
impl Chat {
    #[join("rooms:{room}")]
    async fn join(&self, room: &str) {}

    #[on("rooms:*", "new:msg")]
    async fn new_msg(&self) {
        let mut log = self.log.lock().unwrap();
        ready(()).await;
        log.push('x');
    }

    #[on("rooms:*", "count")]
    async fn count(&self) -> u32 {
        1
    }

    #[on("rooms:*", "since")]
    async fn since(&self, time: Instant) {}
}

fn main() {}
