use super::Config;
use crate::limits::{Rate, RateBy};

/// How often clients may do something.
impl Config {
    /// How often clients of one address may connect, whether they are let in or not: without limit, unless it is
    /// set. A connect too many is refused with HTTP status 429 and a `Retry-After`, before `#[connect]` is asked. Of
    /// an IPv6 address the first 64 bits count. A session of a client that polls is one connect.
    ///
    /// Behind a proxy all clients have its address, unless a trillium handler in front of the channel sets the one
    /// that the proxy names.
    pub fn connect_rate(mut self, rate: Rate) -> Self {
        self.connect_rate = Some(rate);
        self
    }

    /// How often one client may join topics, over all of its connections: without limit, unless it is set. A join
    /// too many is refused with `{"reason": "rate_limited", "retry_after_ms": 250}`. [`rate_by`](Self::rate_by) says
    /// what one client is.
    pub fn join_rate(mut self, rate: Rate) -> Self {
        self.join_rate = Some(rate);
        self
    }

    /// How often one client may send events to the topics that it has joined, all together and over all of its
    /// connections: without limit, unless it is set. [`rate_by`](Self::rate_by) says what one client is. An event too many is answered with
    /// `{"reason": "rate_limited", "retry_after_ms": 250}`, and its handler does not run. Heartbeats and
    /// leaves are free.
    ///
    /// A limit for one event is written where it is handled: `#[on("rooms:*", "new:msg", rate = "10/s")]`.
    pub fn event_rate(mut self, rate: Rate) -> Self {
        self.event_rate = Some(rate);
        self
    }

    /// Who shares the rates above and those of `#[on(.., rate = "10/s")]`: all connections of a client, unless it is
    /// set. A rate outlives the connection, so that nobody begins it anew by connecting or joining again.
    ///
    /// ```
    /// use phx_channels::{Config, Rate, RateBy};
    ///
    /// // Behind a proxy that hides the addresses of clients, which have no ids either.
    /// Config::new().event_rate(Rate::per_second(20)).rate_by(RateBy::Connection);
    /// ```
    pub fn rate_by(mut self, who: RateBy) -> Self {
        self.rate_by = who;
        self
    }

    /// How often a client may send WebSocket control frames that nobody has asked for, its pings above all: ten a second,
    /// and 256 at once. More of them close the connection with code 1008.
    ///
    /// The pongs that answer the server's own pings do not count. It sends one a second while it does not read from a
    /// client, see [`topic_queue`](Self::topic_queue), to see whether the client is still there.
    ///
    /// ```
    /// use phx_channels::{Config, Rate};
    ///
    /// Config::new().control_rate(Rate::per_minute(60).burst(10));
    /// ```
    pub fn control_rate(mut self, rate: Rate) -> Self {
        self.control_rate = rate;
        self
    }
}
