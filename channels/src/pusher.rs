use crate::{
    ChannelConn, ChannelEvent, FromEvent, Info, IntoEvent,
    event::outgoing,
    socket::{Connection, JoinedTopic, Message, Phase, Sending},
};
use std::sync::{Arc, Weak};

/// A handle to one joined topic of one client, for tasks that go on when the handler has returned.
///
/// It does not keep the topic alive: when that has ended, nothing is sent any more. What is sent
/// while the join is not decided goes out behind the join reply.
///
/// ```
/// # #[cfg(feature = "macros")] {
/// use phx_channels::{Pusher, channel};
///
/// struct Clock;
///
/// #[channel]
/// impl Clock {
///     #[join("clock:{zone}")]
///     async fn join(&self, zone: String, pusher: Pusher) {
///         std::thread::spawn(move || {
///             while pusher.is_alive() {
///                 pusher.push((format!("clock:{zone}"), "tick"));
/// #               break;
///             }
///         });
///     }
/// }
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Pusher {
    connection: Weak<Connection>,
    joined: Weak<JoinedTopic>,
}

impl Pusher {
    /// Sends an event to this client alone (P-1).
    pub fn push(&self, event: impl IntoEvent) {
        self.send(event, Sending::Push);
    }

    /// Sends an event to all members of its topic, this one included (P-2).
    pub fn broadcast(&self, event: impl IntoEvent) {
        self.send(event, Sending::Broadcast);
    }

    /// Sends an event to all members of its topic but this one (P-3).
    pub fn broadcast_from(&self, event: impl IntoEvent) {
        self.send(event, Sending::BroadcastFrom);
    }

    /// Tells the joined topic itself: its `#[info]` method for this type takes the value, in its turn
    /// among the other handlers of the topic. So a task gets at the state of the topic.
    ///
    /// ```
    /// # #[cfg(feature = "macros")] {
    /// use phx_channels::{ChannelConn, Event, Joined, Pusher, channel};
    ///
    /// #[derive(serde::Serialize, Event)]
    /// struct Progress {
    ///     percent: u8,
    /// }
    ///
    /// struct Jobs;
    ///
    /// #[channel]
    /// impl Jobs {
    ///     #[join("jobs:*")]
    ///     async fn join(&self, pusher: Pusher) -> Joined<u8> {
    ///         std::thread::spawn(move || pusher.tell(Progress { percent: 50 }));
    ///         Joined::new(0)
    ///     }
    ///
    ///     #[info("jobs:*")]
    ///     async fn progress(&self, conn: ChannelConn<'_>, done: &mut u8, progress: Progress) {
    ///         *done = progress.percent;
    ///         conn.push(progress);
    ///     }
    /// }
    /// # }
    /// ```
    pub fn tell<T: Send + 'static>(&self, value: T) {
        if let Some((connection, joined)) = self.target() {
            connection.tell(&Arc::downgrade(&joined), Message::Info(Info::new(value)));
            connection.hub().losses.tell();
        }
    }

    /// Whether the topic is still joined, or about to be.
    pub fn is_alive(&self) -> bool {
        self.target().is_some()
    }

    fn send(&self, event: impl IntoEvent, sending: fn(ChannelEvent) -> Sending) {
        if let Some((connection, joined)) = self.target()
            && let Some(event) =
                outgoing(event, &joined.topic, connection.hub().max_outgoing_size())
        {
            joined.send(&connection, sending(event));
            connection.hub().losses.tell();
        }
    }

    fn target(&self) -> Option<(Arc<Connection>, Arc<JoinedTopic>)> {
        let (connection, joined) = (self.connection.upgrade()?, self.joined.upgrade()?);
        let alive = matches!(joined.phase(), Phase::Joining | Phase::Live);
        alive.then_some((connection, joined))
    }
}

impl FromEvent<'_> for Pusher {
    type Rejection = &'static str;

    fn from_event(conn: ChannelConn<'_>, _: &ChannelEvent) -> Result<Self, &'static str> {
        let (connection, joined) = conn.joined().ok_or("there is no topic to push to")?;
        Ok(Self {
            connection: Arc::downgrade(connection),
            joined: Arc::downgrade(joined),
        })
    }
}
