//! What is not for the macro stays as it is.

#![deny(warnings)]

use phx_channels::channel;

struct Chat {
    rooms: Vec<String>,
}

#[channel]
impl Chat {
    const MOST: usize = 3;

    pub fn new() -> Self {
        Self { rooms: Vec::with_capacity(Self::MOST) }
    }

    /// Generic, and not `async`.
    fn knows<T: AsRef<str>>(&self, room: T) -> bool {
        self.rooms.iter().any(|known| known == room.as_ref())
    }

    #[join("rooms:{room}")]
    async fn join(&self, room: &str) -> Result<(), String> {
        if self.knows(room) { self.enter(room).await } else { Err(format!("no {room}")) }
    }

    async fn enter(&self, room: &str) -> Result<(), String> {
        if room.len() > Self::MOST { Err("too long".into()) } else { Ok(()) }
    }

    fn consume(self) -> Vec<String> {
        self.rooms
    }
}

impl Chat {
    fn another_block(&mut self) {
        self.rooms.push("lobby".into());
    }
}

fn main() {
    let mut chat = Chat::new();
    chat.another_block();
    let _ = chat.consume();
    let _ = channel(Chat::new());
}
