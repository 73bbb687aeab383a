//! Other attributes stay where they are and mean what they mean.

#![deny(warnings, missing_docs)]

use phx_channels::{ChannelConn, channel};

/// A channel.
pub struct Chat;

/// Its methods.
#[channel]
#[allow(clippy::unused_async)]
impl Chat {
    /// Who joins.
    #[inline]
    #[join("rooms:{room}")]
    #[allow(unused_variables)]
    pub async fn join(&self, room: &str, unused: ()) {}

    /// No longer used by anyone but clients.
    #[deprecated = "push `new:msg` instead"]
    #[on("rooms:*", "old")]
    pub async fn old(&self) {}

    /// As above.
    #[deprecated]
    #[disconnect]
    pub async fn gone(&self) {}

    /// A result that is not to be dropped.
    #[must_use = "it is the answer"]
    #[on("rooms:*", "answer")]
    pub(crate) async fn answer(&self, #[allow(unused)] conn: ChannelConn<'_>) -> Result<u8, ()> {
        Ok(1)
    }
}

fn main() {
    let _ = channel(Chat);
}
