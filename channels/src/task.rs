use futures_util::future::AbortHandle;

/// A task or a timer of a joined topic, made by [`ChannelConn::spawn`](crate::ChannelConn::spawn),
/// [`ChannelConn::after`](crate::ChannelConn::after) or the methods of the same names of
/// [`Pusher`](crate::Pusher).
///
/// Only for those who want to cancel it: dropping the handle changes nothing, and the task ends with its
/// topic in any case.
///
/// ```
/// # #[cfg(feature = "macros")] {
/// use phx_channels::{ChannelConn, Joined, Task, channel};
/// use std::time::Duration;
///
/// struct Expired;
///
/// struct Lobby;
///
/// #[channel]
/// impl Lobby {
///     #[join("lobby")]
///     async fn join(&self, conn: ChannelConn<'_>) -> Joined<Task> {
///         Joined::new(conn.after(Duration::from_secs(30), Expired))
///     }
///
///     #[on("lobby", "ready")]
///     async fn ready(&self, expiry: &Task) {
///         expiry.cancel();
///     }
///
///     #[info("lobby")]
///     async fn expired(&self, conn: ChannelConn<'_>, _: Expired) {
///         conn.stop();
///     }
/// }
/// # #[cfg(feature = "testing")] {
/// # use phx_channels::testing::TestApp;
/// # futures_lite::future::block_on(async {
/// # let app = TestApp::new(&channel(Lobby));
/// # let (mut ann, mut bob) = (app.connect().await.unwrap(), app.connect().await.unwrap());
/// # ann.join("lobby", ()).await.unwrap_ok();
/// # bob.join("lobby", ()).await.unwrap_ok();
/// # ann.push("lobby", "ready", ());
/// # app.advance(Duration::from_secs(30));
/// # bob.event("lobby", "phx_close").await;
/// # ann.assert_quiet();
/// # }) }
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Task {
    abort: AbortHandle,
}

impl Task {
    pub(crate) fn new(abort: AbortHandle) -> Self {
        Self { abort }
    }

    /// One that never ran.
    pub(crate) fn refused() -> Self {
        let (abort, _) = AbortHandle::new_pair();
        abort.abort();
        Self { abort }
    }

    /// Cuts the task off where it waits, or keeps the timer from going off. A message that the timer has
    /// told already is not taken back. Cancelling twice, or what has ended, does nothing.
    pub fn cancel(&self) {
        self.abort.abort();
    }

    /// Whether the task has come to its end, was cancelled, ended with its topic, or never ran because
    /// the topic had ended or had [too many](crate::Config::max_tasks).
    pub fn is_finished(&self) -> bool {
        self.abort.is_aborted()
    }
}
