//! What becomes of a broadcast to a client that does not keep up, and who is told of it.

use smol_str::SmolStr;
use std::{
    fmt,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};

/// What happens when a broadcast does not fit into the mailbox of a client, the bounded queue of what
/// it is still to be sent ([`Config::mailbox`](crate::Config::mailbox)).
///
/// Said for all topics of a socket with [`Config::overflow`](crate::Config::overflow), for those of a
/// pattern with `#[join("cursors:*", overflow = drop_oldest)]`, and in a handler that is written by hand
/// with [`ChannelConn::overflow`](crate::ChannelConn::overflow). For one event of all topics
/// `#[event("cursor", overflow = latest)]` on its payload type says it, whatever the join says
/// ([`Event::OVERFLOW`](crate::Event::OVERFLOW)).
///
/// Only broadcasts are ever dropped. Replies, pushes, what says that a channel has begun or ended, and
/// broadcasts of topics that disconnect are not: one that finds the mailbox full takes the place of the
/// oldest broadcasts that may be dropped, whatever their policy, and if all of them are not enough, the
/// connection is closed. What is not dropped keeps its order.
///
/// Every drop and every close is counted
/// ([`Broadcaster::stats`](crate::Broadcaster::stats)) and told
/// ([`Config::on_overflow`](crate::Config::on_overflow)).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Overflow {
    /// The connection is closed with code 1013, upon which Phoenix clients connect again and rejoin: a
    /// client never misses a message without knowing. The default.
    #[default]
    Disconnect,
    /// The oldest broadcasts of topics with this policy that the client still waits for are dropped
    /// until there is room. If dropping all of them would not be enough, they stay and the new one is
    /// dropped. For what is of interest while it is new.
    DropOldest,
    /// The new broadcast is dropped. For what is of use from its beginning on.
    DropNewest,
    /// Only the newest broadcast of each event of the topic waits for the client: it takes the older
    /// one out, also where there is room for both, and goes to the end of the queue. If it does not fit
    /// even so, it is dropped and the older one stays. For broadcasts that say all there is to know,
    /// such as the state of a dashboard. Being replaced counts as being dropped.
    Latest,
}

/// A broadcast that a client did not get, or a connection that was closed because something did not
/// fit. Told to [`Config::on_overflow`](crate::Config::on_overflow).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overflowed {
    pub(crate) topic: Arc<str>,
    pub(crate) event: SmolStr,
    pub(crate) overflow: Overflow,
    pub(crate) socket_id: Option<Arc<str>>,
}

impl Overflowed {
    /// The topic of what was dropped or did not fit. Empty where that was an answer of the socket
    /// itself, such as the one to a heartbeat.
    pub fn topic(&self) -> &str {
        &self.topic
    }

    /// Its event; `phx_reply` for a reply, and empty for a message that the topic was told.
    pub fn event(&self) -> &str {
        &self.event
    }

    /// Why it was dropped; [`Overflow::Disconnect`] if the connection was closed instead.
    pub fn overflow(&self) -> Overflow {
        self.overflow
    }

    /// What [`ChannelConn::set_id`](crate::ChannelConn::set_id) named the connection.
    pub fn socket_id(&self) -> Option<&str> {
        self.socket_id.as_deref()
    }
}

/// Whom [`Config::on_overflow`](crate::Config::on_overflow) tells.
#[derive(Clone)]
pub(crate) struct OnOverflow(pub(crate) Arc<dyn Fn(&Overflowed) + Send + Sync>);

impl OnOverflow {
    pub(crate) fn tell(&self, overflowed: &Overflowed) {
        if catch_unwind(AssertUnwindSafe(|| (self.0)(overflowed))).is_err() {
            log::error!("an `on_overflow` function panicked");
        }
    }
}

impl fmt::Debug for OnOverflow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OnOverflow")
    }
}
