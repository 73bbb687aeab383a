use std::sync::Arc;

/// How a channel is doing: what there is now, and what was lost since it was made. From
/// [`Broadcaster::stats`](crate::Broadcaster::stats).
///
/// The numbers are taken one after the other while the server goes on, so they need not fit together
/// exactly.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Stats {
    /// Clients that are connected, those that are being closed included.
    pub connections: usize,
    /// Joined topics of all clients together.
    pub joined_topics: usize,
    /// Topics that at least one client has joined.
    pub topics: usize,
    /// Broadcasts that were dropped by [`Overflow::DropOldest`](crate::Overflow::DropOldest), each
    /// counted once for each client that did not get it.
    pub dropped_oldest: u64,
    /// The same by [`Overflow::DropNewest`](crate::Overflow::DropNewest).
    pub dropped_newest: u64,
    /// The same by [`Overflow::Latest`](crate::Overflow::Latest): most of them replaced by a newer one.
    pub dropped_latest: u64,
    /// Connections that were closed with code 1013 because something that may not be dropped did not
    /// fit.
    pub overflow_closes: u64,
}

/// One topic that clients have joined. From [`Broadcaster::topics`](crate::Broadcaster::topics).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TopicStats {
    /// Its name.
    pub topic: Arc<str>,
    /// How many joined topics of clients it has: its members.
    pub members: usize,
    /// Broadcasts that were dropped, each counted once for each member that did not get it, since the
    /// topic has had members without a pause.
    pub dropped: u64,
}
