use crate::{
    hub::Hub,
    message::event::Addressed,
    outgoing::outgoing,
    pusher::Pusher,
    stats::{Stats, TopicStats},
};
use std::sync::Arc;

/// Sends to the members of a topic from anywhere in the application.
///
/// Get one from [`Channel::broadcaster`](crate::Channel::broadcaster) or from
/// [`ChannelConn::broadcaster`](crate::ChannelConn::broadcaster). Cloning it is cheap.
///
/// ```
/// # use phx_channels::{channel, ChannelConn, ChannelEvent, ChannelHandler};
/// # struct Chat;
/// # #[phx_channels::async_trait]
/// # impl ChannelHandler for Chat {
/// #     async fn join_channel(&self, conn: ChannelConn<'_>, event: ChannelEvent) {
/// #         conn.allow_join(&event, &()).await;
/// #     }
/// # }
/// let chat = channel(Chat);
/// let broadcaster = chat.broadcaster();
/// # #[cfg(feature = "testing")]
/// # let (app, mut client) = futures_lite::future::block_on(async {
/// #     let app = phx_channels::testing::TestApp::new(&chat);
/// #     let mut client = app.connect().await.unwrap();
/// #     client.join("rooms:lobby", ()).await.unwrap_ok();
/// #     (app, client)
/// # });
/// std::thread::spawn(move || broadcaster.broadcast(("rooms:lobby", "server:restarting")));
/// # #[cfg(feature = "testing")]
/// # futures_lite::future::block_on(client.event("rooms:lobby", "server:restarting"));
/// ```
#[derive(Clone, Debug)]
pub struct Broadcaster {
    hub: Arc<Hub>,
}

impl Broadcaster {
    pub(crate) fn new(hub: Arc<Hub>) -> Self {
        Self { hub }
    }

    /// Sends an event to every member of its topic (P-2).
    ///
    /// Never waits and never fails: what cannot be encoded is logged as an error. A member that
    /// does not keep up is disconnected or misses it, see [`Overflow`](crate::Overflow).
    pub fn broadcast(&self, event: impl Addressed) {
        // The event names its own topic; this one is never looked at.
        if let Some(event) = outgoing(event, &Arc::from(""), &self.hub) {
            self.hub.broadcast(&event);
            self.hub.losses.tell();
        }
    }

    /// The same, but not to the joined topic that a pusher is for (P-3). When that has ended it is a
    /// broadcast to all.
    pub fn broadcast_from(&self, from: &Pusher, event: impl Addressed) {
        if from.is_alive() {
            from.broadcast_from(event);
        } else {
            self.broadcast(event);
        }
    }

    /// Tells every instance of a joined topic: the `#[info]` method for this type takes a clone of the
    /// value, in its turn among the other handlers of the topic. Clients do not hear of it.
    ///
    /// ```
    /// # #[cfg(feature = "macros")] {
    /// use phx_channels::{ChannelConn, channel};
    ///
    /// #[derive(Clone)]
    /// struct Closing;
    ///
    /// struct Rooms;
    ///
    /// #[channel]
    /// impl Rooms {
    ///     #[join("rooms:*")]
    ///     async fn join(&self) {}
    ///
    ///     #[info("rooms:*")]
    ///     async fn close(&self, conn: ChannelConn<'_>, _: Closing) {
    ///         conn.stop();
    ///     }
    /// }
    ///
    /// let rooms = channel(Rooms);
    /// rooms.broadcaster().tell("rooms:lobby", Closing);
    /// # #[cfg(feature = "testing")] {
    /// # use phx_channels::testing::TestApp;
    /// # use serde_json::json;
    /// # futures_lite::future::block_on(async {
    /// # let app = TestApp::new(&rooms);
    /// # let mut client = app.connect().await.unwrap();
    /// # client.join("rooms:lobby", json!({})).await.unwrap_ok();
    /// # rooms.broadcaster().tell("rooms:lobby", Closing);
    /// # client.event("rooms:lobby", "phx_close").await;
    /// # }) }
    /// # }
    /// ```
    pub fn tell<T: Clone + Send + 'static>(&self, topic: &str, value: T) {
        self.hub.tell(topic, value);
        self.hub.losses.tell();
    }

    /// Closes every connection that [`ChannelConn::set_id`](crate::ChannelConn::set_id) gave this socket
    /// id, with code 1001: all that one user has open, say (C-2). Phoenix clients connect again, so let
    /// `#[connect]` refuse the user first if that is what you want.
    pub fn disconnect(&self, id: &str) {
        self.hub.disconnect(id);
    }

    /// How many clients and joined topics there are, and what was lost, for a monitor that asks now and
    /// then: it looks at every topic once.
    ///
    /// ```
    /// # use phx_channels::{channel, ChannelConn, ChannelEvent, ChannelHandler};
    /// # struct Chat;
    /// # #[phx_channels::async_trait]
    /// # impl ChannelHandler for Chat {
    /// #     async fn join_channel(&self, _: ChannelConn<'_>, _: ChannelEvent) {}
    /// # }
    /// let stats = channel(Chat).broadcaster().stats();
    /// assert_eq!((stats.connections, stats.overflow_closes), (0, 0));
    /// ```
    pub fn stats(&self) -> Stats {
        self.hub.stats()
    }

    /// The topics that clients have joined, in no order, with how many members each has. Like
    /// [`stats`](Self::stats) it is for asking now and then.
    pub fn topics(&self) -> Vec<TopicStats> {
        self.hub.topics()
    }
}
