use super::Config;
use crate::overflow::{OnOverflow, Overflow, Overflowed};
use std::sync::Arc;

/// What happens to clients that do not keep up.
impl Config {
    /// What happens when a broadcast does not fit into the [`mailbox`](Self::mailbox) of a client:
    /// [`Overflow::Disconnect`]. It holds for the topics whose join says nothing else, with
    /// `#[join("cursors:*", overflow = drop_oldest)]` or
    /// [`ChannelConn::overflow`](crate::ChannelConn::overflow).
    ///
    /// Broadcasts that handlers intercept follow the policy as well, but what waits for a handler is
    /// not taken back: if the new one does not fit, it is dropped. What a topic is told and what it
    /// subscribed to always disconnects.
    ///
    /// A client waits for all that is in its mailbox, so where broadcasts are dropped, a small mailbox
    /// is a shorter delay.
    ///
    /// ```
    /// use phx_channels::{Config, Overflow};
    ///
    /// Config::new().mailbox(256, 1024 * 1024).overflow(Overflow::DropOldest);
    /// ```
    pub fn overflow(mut self, overflow: Overflow) -> Self {
        self.overflow = overflow;
        self
    }

    /// Whom to tell of each broadcast that a client does not get, and of each connection that is closed
    /// with code 1013: nobody. Both are counted anyway, see
    /// [`Broadcaster::stats`](crate::Broadcaster::stats).
    ///
    /// It is called once for each, by whoever has sent what did not fit: mostly in the task of some
    /// connection. So it must not block. It may send, but what is lost because of that is told later,
    /// with what somebody sends next. A panic is logged and changes nothing else.
    ///
    /// ```
    /// use phx_channels::{Config, Overflow};
    ///
    /// Config::new().on_overflow(|lost| {
    ///     if lost.overflow() == Overflow::Disconnect {
    ///         println!("{:?} did not keep up with {}", lost.socket_id(), lost.topic());
    ///     }
    /// });
    /// ```
    pub fn on_overflow(mut self, tell: impl Fn(&Overflowed) + Send + Sync + 'static) -> Self {
        self.on_overflow = Some(OnOverflow(Arc::new(tell)));
        self
    }
}
