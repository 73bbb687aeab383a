//! Futures of other crates, held across an await, with what the handler was given.

#![deny(warnings)]

use phx_channels::{ChannelConn, ChannelEvent, Joined, channel};
use std::{cell::Cell, future::ready, sync::Arc};

struct Chat {
    shared: Arc<str>,
}

struct Count(Cell<u8>);

#[channel]
impl Chat {
    #[join("rooms:{room}")]
    async fn join(&self, conn: ChannelConn<'_>, room: &str) -> Joined<Count> {
        let text = format!("{room} {}", self.shared);
        ready(()).await;
        conn.push((conn.topic(), "text", text));
        ready(conn.topic()).await;
        Joined::new(Count(Cell::new(0)))
    }

    #[on("rooms:{room}", "add")]
    async fn add(&self, room: &str, event: ChannelEvent, count: &mut Count) -> Result<String, ()> {
        let name = event.event().to_owned();
        ready(()).await;
        count.0.set(count.0.get() + 1);
        ready(()).await;
        Ok(format!("{room} {name}"))
    }
}

fn main() {
    let _ = channel(Chat { shared: "x".into() });
}
