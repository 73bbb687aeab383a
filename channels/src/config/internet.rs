use super::Config;
use crate::limits::Rate;
use std::time::Duration;

impl Config {
    /// What a server needs that anybody can reach. The defaults bound what one client can make the server keep; these
    /// bound how many clients there are as well, and how much each of them may ask for. Change what does not suit:
    ///
    /// | setting | value | because |
    /// |---|---|---|
    /// | [`max_connections`](Self::max_connections) | 10,000 | with the next four, clients can make a server keep 2.5 GiB at the most |
    /// | [`max_message_size`](Self::max_message_size) | 64 KiB | people do not write longer messages; raise it where files are sent |
    /// | [`mailbox`](Self::mailbox) | 1,024 messages, 256 KiB | some seconds of a busy room |
    /// | [`max_topics`](Self::max_topics) | 32 | more than a page shows |
    /// | [`topic_queue`](Self::topic_queue) | 32 events | a client that is further ahead of its handler than this has to wait |
    /// | [`max_connections_per_peer`](Self::max_connections_per_peer) | 64 | the tabs of an office behind one address |
    /// | [`connect_rate`](Self::connect_rate) | 5 a second, 64 at once | the same office, when all of it comes back after a restart |
    /// | [`join_rate`](Self::join_rate) | 10 a second, 64 at once | a page that joins all of its topics, twice |
    /// | [`event_rate`](Self::event_rate) | 50 a second, 200 at once | somebody who draws with a mouse |
    /// | [`connect_timeout`](Self::connect_timeout) | 5 seconds | a database that is slower than this is not helped by more requests |
    /// | [`handler_timeout`](Self::handler_timeout) | 30 seconds | no client waits longer for a reply |
    ///
    /// Rates and the limit for each peer are by address where clients have no id
    /// ([`rate_by`](Self::rate_by)). **Behind a proxy all clients have its address**: have a trillium handler in front
    /// of the channel set the one that the proxy names, and let `#[connect]` give clients ids with
    /// [`ChannelConn::set_id`](crate::ChannelConn::set_id) wherever it knows them.
    ///
    /// ```
    /// use phx_channels::Config;
    ///
    /// let config = Config::internet().max_connections(50_000);
    /// ```
    pub fn internet() -> Self {
        Self::new()
            .max_connections(10_000)
            .max_message_size(64 * 1024)
            .mailbox(1024, 256 * 1024)
            .max_topics(32)
            .topic_queue(32)
            .max_connections_per_peer(64)
            .connect_rate(Rate::per_second(5).burst(64))
            .join_rate(Rate::per_second(10).burst(64))
            .event_rate(Rate::per_second(50).burst(200))
            .connect_timeout(Duration::from_secs(5))
            .handler_timeout(Duration::from_secs(30))
    }
}
