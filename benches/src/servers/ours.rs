//! phx-channels. `ours smol` or `ours tokio`, on HOST and PORT.

use phx_channels::{ChannelConn, Event, channel};
use serde::{Deserialize, Serialize};

#[cfg(feature = "heap-profile")]
#[global_allocator]
static ALLOCATOR: dhat::Alloc = dhat::Alloc;

struct Rooms;

#[derive(Serialize, Deserialize, Event)]
#[event("msg")]
struct Message {
    by: u32,
    no: u32,
    pad: String,
}

#[channel]
impl Rooms {
    #[join("*")]
    async fn join(&self) {}

    #[on("*", "msg")]
    async fn msg(&self, conn: ChannelConn<'_>, message: Message) {
        conn.broadcast(message);
    }

    #[on("*", "echo")]
    async fn echo(&self, message: Message) -> Result<Message, &'static str> {
        Ok(message)
    }
}

fn main() {
    #[cfg(feature = "heap-profile")]
    let _profiler = dhat::Profiler::new_heap();
    match std::env::args().nth(1).as_deref() {
        Some("smol") => trillium_smol::config().with_nodelay().run(channel(Rooms)),
        Some("tokio") => trillium_tokio::config().with_nodelay().run(channel(Rooms)),
        _ => panic!("the runtime must be given: smol or tokio"),
    }
}
