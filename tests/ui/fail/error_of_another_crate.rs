#![allow(unused)]

use phx_channels::channel;
use std::{error::Error, io};

struct Chat;

#[channel]
impl Chat {
    #[join("rooms:{room}")]
    async fn join(&self, room: &str) -> Result<(), io::Error> {
        Ok(())
    }

    #[on("rooms:*", "new:msg")]
    async fn new_msg(&self) -> Result<u32, Box<dyn Error + Send + Sync>> {
        Ok(1)
    }
}

fn main() {}
