use crate::{
    conn::ChannelConn,
    extract::FromEvent,
    info::Info,
    message::event::{ChannelEvent, IntoEvent},
    outgoing::outgoing,
    socket::{self, Connection, JoinedTopic, Message, Phase, Sending},
    task::Task,
};
use std::{
    sync::{Arc, Weak},
    time::Duration,
};

/// A handle to one joined topic of one client, for tasks and threads that go on when the handler has
/// returned.
///
/// It does not keep the topic alive: when that has ended, nothing is sent any more. What is sent
/// while the join is not decided goes out behind the join reply.
///
/// ```
/// # #[cfg(feature = "macros")] {
/// use phx_channels::{Event, Pusher, channel};
///
/// #[derive(serde::Serialize, Event)]
/// struct Digest {
///     sum: u8,
/// }
///
/// struct Files;
///
/// #[channel]
/// impl Files {
///     #[join("files:*")]
///     async fn join(&self) {}
///
///     /// Computing would hold up the other clients of this thread.
///     #[on("files:*", "sum")]
///     async fn sum(&self, bytes: Vec<u8>, pusher: Pusher) {
///         std::thread::spawn(move || {
///             let sum = bytes.iter().sum();
///             pusher.push(Digest { sum });
///         });
///     }
/// }
/// # #[cfg(feature = "testing")] {
/// # use serde_json::json;
/// # futures_lite::future::block_on(async {
/// # let app = phx_channels::testing::TestApp::new(&channel(Files));
/// # let mut client = app.connect().await.unwrap();
/// # client.join("files:1", json!({})).await.unwrap_ok();
/// # client.push("files:1", "sum", json!([1, 2, 3]));
/// # assert_eq!(client.event("files:1", "digest").await, json!({ "sum": 6 }));
/// # }) }
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
    /// # #[cfg(feature = "testing")] {
    /// # use phx_channels::testing::TestApp;
    /// # use serde_json::json;
    /// # futures_lite::future::block_on(async {
    /// # let app = TestApp::new(&channel(Jobs));
    /// # let mut client = app.connect().await.unwrap();
    /// # client.join("jobs:nightly", json!({})).await.unwrap_ok();
    /// # assert_eq!(client.event("jobs:nightly", "progress").await, json!({ "percent": 50 }));
    /// # }) }
    /// # }
    /// ```
    pub fn tell<T: Send + 'static>(&self, value: T) {
        if let Some((connection, joined)) = self.target() {
            connection.tell(&Arc::downgrade(&joined), Message::Info(Info::new(value)));
            connection.hub().losses.tell();
        }
    }

    /// Runs a future as a task of the joined topic, as [`ChannelConn::spawn`] does. From anywhere: a task
    /// may spawn another one. When the topic has ended, nothing runs.
    pub fn spawn(&self, future: impl Future<Output = ()> + Send + 'static) -> Task {
        match self.target() {
            Some((connection, joined)) => socket::spawn(&connection, &joined, future),
            None => Task::refused(),
        }
    }

    /// Tells the joined topic a value after a time, as [`ChannelConn::after`] does. When the topic has
    /// ended, nothing happens.
    pub fn after<T: Send + 'static>(&self, delay: Duration, message: T) -> Task {
        let Some((connection, joined)) = self.target() else {
            return Task::refused();
        };
        let due = connection.session.timer.delay(delay);
        let pusher = self.clone();
        socket::spawn(&connection, &joined, async move {
            due.await;
            pusher.tell(message);
        })
    }

    /// Whether the topic is still joined, or about to be.
    pub fn is_alive(&self) -> bool {
        self.target().is_some()
    }

    pub(crate) fn new(connection: &Arc<Connection>, joined: &Arc<JoinedTopic>) -> Self {
        Self {
            connection: Arc::downgrade(connection),
            joined: Arc::downgrade(joined),
        }
    }

    fn send(&self, event: impl IntoEvent, sending: fn(ChannelEvent) -> Sending) {
        if let Some((connection, joined)) = self.target()
            && let Some(event) = outgoing(event, &joined.topic, connection.hub())
        {
            joined.check_topic(&connection, &event);
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
        conn.pusher().ok_or("there is no topic to push to")
    }
}
