//! Patterns that stand beside each other: the join says which of them has taken the topic.

use phx_channels::{ChannelConn, channel};
use serde::Serialize;

pub(crate) struct Routes;

#[derive(Serialize)]
struct Taken {
    route: &'static str,
    topic: String,
}

fn taken(conn: ChannelConn<'_>, route: &'static str) -> Taken {
    let topic = conn.topic().to_owned();
    Taken { route, topic }
}

#[channel]
impl Routes {
    #[join("exact")]
    async fn exact(&self, conn: ChannelConn<'_>) -> Result<Taken, ()> {
        Ok(taken(conn, "exact"))
    }

    #[join("food*")]
    async fn food(&self, conn: ChannelConn<'_>) -> Result<Taken, ()> {
        Ok(taken(conn, "food*"))
    }

    #[join("order:vip")]
    async fn vip(&self, conn: ChannelConn<'_>) -> Result<Taken, ()> {
        Ok(taken(conn, "order:vip"))
    }

    #[join("order:*")]
    async fn order(&self, conn: ChannelConn<'_>) -> Result<Taken, ()> {
        Ok(taken(conn, "order:*"))
    }

    /// Declared behind the pattern above, and taken all the same: it is the more specific one.
    #[join("order:late")]
    async fn late(&self, conn: ChannelConn<'_>) -> Result<Taken, ()> {
        Ok(taken(conn, "order:late"))
    }

    #[on("*", "ping")]
    async fn ping(&self) -> Result<(), ()> {
        Ok(())
    }
}
