#![allow(unused)]

use phx_channels::{Joined, channel};
use std::{cell::Cell, rc::Rc};

struct Chat;

#[channel]
impl Chat {
    #[join("rooms:{room}")]
    async fn join(&self, room: &str) -> Result<Joined<Rc<Cell<u32>>>, String> {
        Ok(Joined::new(Rc::default()))
    }

    #[on("rooms:*", "count")]
    async fn count(&self, count: &Rc<Cell<u32>>) {}
}

fn main() {}
