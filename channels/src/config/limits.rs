use super::Config;
use crate::limits::QueueLimits;

/// How much there may be of anything.
impl Config {
    /// How many topics one connection may have joined at once: 100. A join above it is refused with
    /// "too many channels joined" (LIM-1).
    pub fn max_topics(mut self, topics: usize) -> Self {
        self.max_topics = topics;
        self
    }

    /// The most tasks and timers that a joined topic may have at a time: 128. One more does not run, and
    /// is logged as an error ([`ChannelConn::spawn`](crate::ChannelConn::spawn)).
    ///
    /// What one client can cause is at most this times [`max_topics`](Self::max_topics).
    pub fn max_tasks(mut self, tasks: usize) -> Self {
        self.max_tasks = tasks;
        self
    }

    /// How many bytes the name of a topic or an event may have: 255, which is also what fits into a
    /// binary frame. A message above it is answered with "name too long".
    pub fn max_name_length(mut self, bytes: usize) -> Self {
        self.max_name_length = bytes;
        self
    }

    /// How many bytes the `ref` or the `join_ref` of a message may have, as JSON: 256. The server keeps them with a
    /// joined topic, and sends them back with each answer. A message above it does not decode: it is dropped and
    /// counts for [`max_malformed`](Self::max_malformed). Clients count up, so that theirs have a few digits.
    ///
    /// ```
    /// # use phx_channels::Config;
    /// Config::new().max_reference_size(64);
    /// ```
    pub fn max_reference_size(mut self, bytes: usize) -> Self {
        self.max_reference_size = bytes;
        self
    }

    /// How many bytes a message of a client may have: 1 MiB. A larger one closes the connection with
    /// code 1009.
    pub fn max_message_size(mut self, bytes: usize) -> Self {
        self.max_message_size = bytes;
        self
    }

    /// How many frames in a row may be undecodable: the tenth closes the connection with code 1011.
    /// Those before it are dropped and logged.
    pub fn max_malformed(mut self, frames: u32) -> Self {
        self.max_malformed = frames;
        self
    }

    /// How many events of one client may wait for a busy topic: 128, and together no more bytes than
    /// one message may have, or little more. When as many do, nothing is read from that client until
    /// there is room again.
    pub fn topic_queue(mut self, events: usize) -> Self {
        self.topic_queue = events.max(1);
        self
    }

    /// How much may wait to be sent to one client: 8,192 messages and 4 MiB, within the
    /// [budget](Self::connection_budget) of the connection. What happens to a client that falls further
    /// behind, [`overflow`](Self::overflow) says: unless it says otherwise, the client is disconnected.
    /// Messages that several clients wait for are in memory once. One message that is larger than that does not
    /// count, up to [`max_outgoing_size`](Self::max_outgoing_size).
    ///
    /// As much again may wait for the handlers of one client from inside the server, in the same budget: broadcasts
    /// that they intercept or have subscribed to, and messages that they are told.
    ///
    /// What a handler sends before it waits for something counts as well: one that pushes ten thousand
    /// messages in one go needs a larger mailbox, or a larger message.
    pub fn mailbox(mut self, messages: usize, bytes: usize) -> Self {
        self.mailbox = QueueLimits {
            frames: messages,
            bytes,
        };
        self
    }

    /// How many bytes one connection may take up with what is kept for it or waits for it: as many as four messages of
    /// a client ([`max_message_size`](Self::max_message_size)) or as its [`mailbox`](Self::mailbox) has, whatever is
    /// more; so 4 MiB. Less than four messages is taken for four messages.
    ///
    /// What counts: messages that wait for a handler or are with one that has not returned, the names and references of
    /// joined topics, what a join sends before its reply, what waits to be sent in the mailbox and in the transport, what
    /// waits for handlers from inside the server, and what a polling client has published and not fetched. The state
    /// that your handlers keep is yours to bound.
    ///
    /// When a client has used up all but two messages of it, nothing more is read from it, heartbeats and leaves
    /// included, until a handler returns or something has been written. Until then the client counts as alive; a handler
    /// that waits for another message of its own client needs a
    /// [`handler_timeout`](Self::handler_timeout). Joined topics take up an eighth at most: a join whose name does not fit
    /// is refused with "too many channels joined". What the server sends beyond the budget is handled by the
    /// [overflow](Self::overflow) policy.
    ///
    /// ```
    /// # use phx_channels::Config;
    /// Config::new().max_message_size(64 * 1024).connection_budget(1024 * 1024);
    /// ```
    pub fn connection_budget(mut self, bytes: usize) -> Self {
        self.connection_budget = Some(bytes);
        self
    }

    /// The budget in bytes, as set or by default.
    pub(crate) fn budget(&self) -> usize {
        let budget = self.connection_budget.unwrap_or(self.mailbox.bytes);
        budget.max(self.max_message_size.saturating_mul(4))
    }

    /// How many bytes the payload of a message may have that is sent to clients: 16 MiB. A larger one is refused where
    /// it is sent, and nobody is disconnected: a push or a broadcast is logged as an error with its size, and a client
    /// that waits for a reply gets `{"reason": "reply too large"}`.
    ///
    /// ```
    /// # use phx_channels::Config;
    /// Config::new().max_outgoing_size(1024 * 1024);
    /// ```
    pub fn max_outgoing_size(mut self, bytes: usize) -> Self {
        self.max_outgoing_size = bytes;
        self
    }

    /// How many clients may be connected or about to be: without limit, unless it is set. More are
    /// refused with HTTP status 503, before anything else is asked. Clients that poll count as well, and
    /// so do those of all mounts that are made of one channel.
    ///
    /// A connection counts when its handshake is in order. What guards the time before is in `docs/RELIABILITY.md`.
    pub fn max_connections(mut self, connections: usize) -> Self {
        self.max_connections = connections;
        self
    }

    /// The same for each address that clients connect from, where more are refused with HTTP status 429:
    /// without limit, unless it is set. Of an IPv6 address the first 64 bits count, for one client has
    /// all of the others.
    ///
    /// Behind a proxy all clients have its address, unless a trillium handler in front of the channel
    /// sets the one that the proxy names.
    pub fn max_connections_per_peer(mut self, connections: usize) -> Self {
        self.max_connections_per_peer = connections;
        self
    }

    /// How many sessions of clients that poll each address may have: 500. More are refused with HTTP
    /// status 429. It is there because a session costs its client one request, and no connection that it
    /// would have to keep; of IPv6, the first 64 bits of an address count.
    ///
    /// Behind a proxy all clients have its address: raise the limit there, or have a trillium handler in
    /// front set the address that the proxy names.
    pub fn max_polling_sessions_per_peer(mut self, sessions: usize) -> Self {
        self.max_polling_sessions_per_peer = sessions;
        self
    }
}
