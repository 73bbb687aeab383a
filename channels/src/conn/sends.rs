//! What a handler sends, and what it hears.

use super::{ChannelConn, Scope};
use crate::{ChannelEvent, IntoEvent, Overflow, event::outgoing, socket::Sending};
use std::sync::{Arc, LazyLock};

impl ChannelConn<'_> {
    /// Sends an event to this client alone (P-1).
    ///
    /// In a join it is sent right behind the join reply, or never if the join is refused.
    pub fn push(&self, event: impl IntoEvent) {
        self.send(event, Sending::Push);
    }

    /// Sends an event to all members of its topic, this one included (P-2).
    ///
    /// In a join it is sent right behind the join reply, or never if the join is refused.
    pub fn broadcast(&self, event: impl IntoEvent) {
        self.send(event, Sending::Broadcast);
    }

    /// Sends an event to all members of its topic but this one (P-3).
    pub fn broadcast_from(&self, event: impl IntoEvent) {
        self.send(event, Sending::BroadcastFrom);
    }

    /// From the join on, broadcasts of this event on the topic do not go straight to this client but
    /// to [`handle_out`](crate::ChannelHandler::handle_out) (P-4). Only in `join_channel`, before the
    /// join is allowed; later it is logged and changes nothing.
    pub fn intercept(&self, event: &str) {
        let joining = self.joined();
        if !joining.is_some_and(|(_, joined)| joined.intercept(event)) {
            log::error!(
                "event `{event}` is not intercepted: a join must say so before it is allowed"
            );
        }
    }

    /// What happens when a broadcast on the topic does not fit into the mailbox of this client, if it is
    /// to be something else than [`Config::overflow`](crate::Config::overflow) says. Only in
    /// `join_channel`, before the join is allowed; later it is logged and changes nothing.
    ///
    /// ```
    /// # use phx_channels::{ChannelConn, ChannelEvent, ChannelHandler, Overflow, async_trait};
    /// # struct Live;
    /// #[async_trait]
    /// impl ChannelHandler for Live {
    ///     async fn join_channel(&self, conn: ChannelConn<'_>, event: ChannelEvent) {
    ///         if event.topic().starts_with("scores:") {
    ///             conn.overflow(Overflow::Latest);
    ///         }
    ///         conn.allow_join(&event, &()).await;
    ///     }
    /// }
    /// ```
    pub fn overflow(&self, overflow: Overflow) {
        let joining = self.joined();
        if !joining.is_some_and(|(_, joined)| joined.overflow(overflow)) {
            log::error!("overflow is not {overflow:?}: a join must say so before it is allowed");
        }
    }

    /// Until the joined topic ends, what is broadcast on another topic comes to
    /// [`handle_info`](crate::ChannelHandler::handle_info) as a [`ChannelEvent`] (P-7). Subscribing
    /// twice is subscribing once. Outside of a joined topic it is logged and changes nothing.
    pub fn subscribe(&self, topic: &str) {
        match self.joined() {
            Some((connection, joined)) => joined.subscribe(connection, topic),
            None => log::error!("not subscribed to `{topic}`: only a joined topic can be"),
        }
    }

    /// Takes back a [`subscribe`](Self::subscribe).
    pub fn unsubscribe(&self, topic: &str) {
        if let Some((_, joined)) = self.joined() {
            joined.unsubscribe(topic);
        }
    }

    /// Sends what has become of a broadcast to this client alone.
    pub(crate) fn pass_on(&self, event: ChannelEvent) {
        self.send(event, Sending::Intercepted);
    }

    fn send(&self, event: impl IntoEvent, sending: fn(ChannelEvent) -> Sending) {
        static NOWHERE: LazyLock<Arc<str>> = LazyLock::new(|| Arc::from(""));
        let own_topic = self.joined().map_or(&*NOWHERE, |(_, joined)| &joined.topic);
        let Some(event) = outgoing(event, own_topic) else {
            return;
        };
        match (self.scope, sending(event)) {
            (
                Scope::Topic {
                    connection, joined, ..
                },
                sending,
            ) => joined.send(connection, sending),
            (_, Sending::Broadcast(event) | Sending::BroadcastFrom(event)) => {
                self.session.hub.broadcast(&event);
            }
            (_, Sending::Push(event) | Sending::Intercepted(event)) => log::error!(
                "not sent: event `{}` was pushed outside of a joined topic",
                event.event()
            ),
        }
        self.session.hub.losses.tell();
    }
}
