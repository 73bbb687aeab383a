use super::Config;
use std::time::Duration;

/// How long anything may take.
impl Config {
    /// How long a client may be silent before its connection is closed: 60 seconds. Phoenix clients
    /// send a heartbeat every 30 seconds.
    pub fn idle_timeout(mut self, timeout: Duration) -> Self {
        self.idle_timeout = timeout;
        self
    }

    /// How long a connection that this side closes may take to finish: 5 seconds.
    pub fn close_timeout(mut self, timeout: Duration) -> Self {
        self.close_timeout = timeout;
        self
    }

    /// How long a client may take for what is sent to it: 30 seconds. By then it has to have taken all of it, or at least
    /// 64 KiB, upon which it has as long again for the rest. A client that does not is closed with code 1013, upon which
    /// Phoenix clients connect again and rejoin; if it takes not even that, its connection is dropped after
    /// [`close_timeout`](Self::close_timeout).
    ///
    /// So a client that takes less than 64 KiB in this time is closed, however large or small the messages are. What the
    /// system buffers for a client counts as taken, and so do the 2 MiB that trillium buffers for each stream of HTTP/2.
    pub fn write_timeout(mut self, timeout: Duration) -> Self {
        self.write_timeout = timeout;
        self
    }

    /// How long a `#[connect]` method may take to decide on a client: 10 seconds. Then it is cut off, and
    /// the client is refused with HTTP status 503.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// How long a handler may wait for something before it is cut off; without limit, unless it is set.
    ///
    /// A join is refused then, and an event answered, with `{"reason": "timeout"}`; the channel lives on.
    /// An `#[info]` or `#[intercept]` method that takes too long ends its channel as a panic does, so that
    /// the client joins again and does not miss anything without knowing. The leave goes on without a
    /// `#[leave]` method that takes too long.
    ///
    /// A handler is cut off where it waits: what it does behind that `await` is not done. What it sent
    /// before is sent, but for a join.
    pub fn handler_timeout(mut self, timeout: Duration) -> Self {
        self.handler_timeout = Some(timeout);
        self
    }

    /// How long a poll waits for messages: 10 seconds. A client that does not poll for one and a half
    /// times as long is gone (LP-2, LP-7).
    ///
    /// A poll counts as a sign of life when it begins. With a window above [`idle_timeout`](Self::idle_timeout), clients
    /// have to send heartbeats while they wait, as Phoenix clients do.
    pub fn long_poll_window(mut self, window: Duration) -> Self {
        self.long_poll_window = window;
        self
    }

    /// How long the body of a request of a client that polls may take to come: 10 seconds. Until then it
    /// counts for its session, and then it is answered with `{"status":408}` and forgotten.
    pub fn body_timeout(mut self, timeout: Duration) -> Self {
        self.body_timeout = timeout;
        self
    }

    /// Over how long the connections are ended when the server shuts down: 2 seconds. Their clients
    /// connect again at once, and should not all do so at the same moment. Up to 50 connections are
    /// ended together.
    ///
    /// Each connection answers what it has read of its client so far, writes what waits to be sent, and
    /// closes with code 1012 (C-3). New clients are refused with HTTP status 503 meanwhile.
    pub fn shutdown_spread(mut self, duration: Duration) -> Self {
        self.shutdown_spread = duration;
        self
    }

    /// How long running handlers may take to finish when the server shuts down: 3 seconds, once the last
    /// connection has been told. Then they are cut off, and the `#[leave]` and `#[disconnect]` methods of
    /// their connections have the time of [`close_timeout`](Self::close_timeout) left.
    ///
    /// With the defaults, no connection keeps the process for more than 10 seconds.
    pub fn shutdown_timeout(mut self, timeout: Duration) -> Self {
        self.shutdown_timeout = timeout;
        self
    }

    /// How long the server may take to end once it shuts down, whatever holds it; without limit, unless it is
    /// set. If it has not ended by then, the **process** exits, with status 0: nothing of it is dropped, and
    /// whatever else it does is cut off. So this is for programs that do nothing but serve.
    ///
    /// The connections of channels need no more than 10 seconds with the defaults. But half a request, whatever its
    /// path, holds a trillium server for as long as its client likes.
    ///
    /// ```
    /// # use phx_channels::Config;
    /// # use std::time::Duration;
    /// Config::new().exit_after(Duration::from_secs(15));
    /// ```
    pub fn exit_after(mut self, timeout: Duration) -> Self {
        self.exit_after = Some(timeout);
        self
    }
}
