//! Calls that are named like those which are lost in a handler.

#![deny(warnings)]

use phx_channels::{ChannelConn, Pusher, channel};

struct Chat {
    others: Vec<Pusher>,
}

struct Own;

impl Own {
    fn insert_state<T>(&self, value: T) -> T {
        value
    }

    fn refuse(&self, _: u8) {}
}

#[channel]
impl Chat {
    #[connect]
    async fn connect(&self, conn: ChannelConn<'_>) {
        conn.insert_state(1_u8);
    }

    #[join("rooms:*")]
    async fn join(&self, conn: ChannelConn<'_>) {
        #![allow(clippy::redundant_clone)]
        let own = Own;
        own.insert_state(conn.topic());
        own.refuse(1);
        // Somebody else's topics.
        for other in &self.others {
            other.tell(1_u8);
        }
        let first = self.others[0].clone();
        first.tell(2_u8);
    }
}

fn main() {
    let _ = channel(Chat { others: Vec::new() });
}
