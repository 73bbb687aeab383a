//! A `#[connect]` that refuses, and one that cannot.

#![deny(warnings)]

use phx_channels::{ChannelConn, Params, Refused, channel};

struct Open;

#[channel]
impl Open {
    #[connect]
    async fn connect(&self, conn: ChannelConn<'_>) {
        conn.insert_state(7_u8);
    }

    #[join("*")]
    async fn join(&self) {}
}

struct Closed;

#[channel]
impl Closed {
    #[connect]
    async fn connect(&self, Params(token): Params<Option<u64>>) -> Result<(), Refused> {
        token.map(drop).ok_or_else(Refused::new)
    }

    #[join("*")]
    async fn join(&self) {}
}

fn main() {
    let _ = channel((Open, Closed));
}
