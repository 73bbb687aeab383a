mod internet;

use crate::{
    Overflow, Overflowed, Rate, RateBy,
    overflow::OnOverflow,
    socket::Limits,
    transport::{Hosts, OriginPolicy},
    watch::Payloads,
};
use std::{fmt, sync::Arc, time::Duration};
use trillium::Conn;

/// How a socket behaves. The defaults are safe: start from them and change what you must.
///
/// ```
/// # use phx_channels::{channel, ChannelConn, ChannelEvent, ChannelHandler};
/// use phx_channels::{Config, OriginPolicy};
/// use std::time::Duration;
/// # struct Chat;
/// # #[phx_channels::async_trait]
/// # impl ChannelHandler for Chat {
/// #     async fn join_channel(&self, _: ChannelConn<'_>, _: ChannelEvent) {}
/// # }
///
/// let chat = channel(Chat).with_config(
///     Config::new()
///         .origin(OriginPolicy::Any)
///         .max_topics(10)
///         .idle_timeout(Duration::from_secs(120)),
/// );
/// ```
#[derive(Clone, Debug)]
#[must_use = "a configuration does nothing until it is given to a channel"]
pub struct Config {
    pub(crate) origin: OriginPolicy,
    pub(crate) hosts: Hosts,
    pub(crate) subprotocols: Vec<String>,
    pub(crate) auth_token: bool,
    pub(crate) request_params: Option<RequestParams>,
    pub(crate) required: bool,
    pub(crate) max_topics: usize,
    pub(crate) max_tasks: usize,
    pub(crate) max_name_length: usize,
    pub(crate) max_reference_size: usize,
    pub(crate) max_message_size: usize,
    pub(crate) max_malformed: u32,
    pub(crate) idle_timeout: Duration,
    pub(crate) close_timeout: Duration,
    pub(crate) long_poll_window: Duration,
    pub(crate) body_timeout: Duration,
    pub(crate) max_polling_sessions_per_peer: usize,
    pub(crate) topic_queue: usize,
    pub(crate) mailbox: Limits,
    pub(crate) connection_budget: Option<usize>,
    pub(crate) max_outgoing_size: usize,
    pub(crate) write_timeout: Duration,
    pub(crate) connect_timeout: Duration,
    pub(crate) handler_timeout: Option<Duration>,
    pub(crate) shutdown_spread: Duration,
    pub(crate) shutdown_timeout: Duration,
    pub(crate) exit_after: Option<Duration>,
    pub(crate) max_connections: usize,
    pub(crate) max_connections_per_peer: usize,
    pub(crate) connect_rate: Option<Rate>,
    pub(crate) join_rate: Option<Rate>,
    pub(crate) event_rate: Option<Rate>,
    pub(crate) rate_by: RateBy,
    pub(crate) control_rate: Rate,
    pub(crate) overflow: Overflow,
    pub(crate) on_overflow: Option<OnOverflow>,
    pub(crate) payloads: Payloads,
}

impl Config {
    /// The defaults.
    pub fn new() -> Self {
        Self {
            origin: OriginPolicy::SameOrigin,
            hosts: Hosts::default(),
            subprotocols: Vec::new(),
            auth_token: false,
            request_params: None,
            required: false,
            max_topics: 100,
            max_tasks: 128,
            max_name_length: 255,
            max_reference_size: 256,
            max_message_size: 1024 * 1024,
            max_malformed: 10,
            idle_timeout: Duration::from_mins(1),
            close_timeout: Duration::from_secs(5),
            long_poll_window: Duration::from_secs(10),
            body_timeout: Duration::from_secs(10),
            max_polling_sessions_per_peer: 500,
            topic_queue: 128,
            mailbox: Limits {
                frames: 8192,
                bytes: 4 * 1024 * 1024,
            },
            connection_budget: None,
            max_outgoing_size: 16 * 1024 * 1024,
            write_timeout: Duration::from_secs(30),
            connect_timeout: Duration::from_secs(10),
            handler_timeout: None,
            shutdown_spread: Duration::from_secs(2),
            shutdown_timeout: Duration::from_secs(3),
            exit_after: None,
            max_connections: usize::MAX,
            max_connections_per_peer: usize::MAX,
            connect_rate: None,
            join_rate: None,
            event_rate: None,
            rate_by: RateBy::Client,
            control_rate: Rate::per_second(10).burst(256),
            overflow: Overflow::Disconnect,
            on_overflow: None,
            payloads: Payloads::default(),
        }
    }

    /// Which pages may open a socket: [`OriginPolicy::SameOrigin`] unless said otherwise (HS-4). That one wants to know
    /// the names of the server, see [`hosts`](Self::hosts).
    pub fn origin(mut self, policy: OriginPolicy) -> Self {
        self.origin = policy;
        self
    }

    /// The names that browsers reach this server by: `chat.example.com`, or `*.example.com` for `example.com` and all
    /// that is below it. Addresses, `localhost` and what ends with `.localhost` are known without being told; pages of
    /// any other host are refused by [`OriginPolicy::SameOrigin`] and [`OriginPolicy::Strict`], and the log says what to
    /// write here.
    ///
    /// Whoever makes a name of their own lead to this server, which may be one that only its own network can reach, has
    /// pages that look like pages of the server. That they are not shows in their name alone.
    ///
    /// `"*"` is any name: for servers with names that nobody knows beforehand, and a proxy in front that lets no other
    /// name through.
    ///
    /// ```
    /// # use phx_channels::Config;
    /// Config::new().hosts(["chat.example.com", "*.example.org"]);
    /// ```
    ///
    /// # Panics
    ///
    /// If one of them is no name: they have no scheme, port or path. The message says what to write.
    pub fn hosts<N: AsRef<str>>(mut self, names: impl IntoIterator<Item = N>) -> Self {
        match Hosts::new(names) {
            Ok(hosts) => self.hosts = hosts,
            Err((name, why)) => panic!("`{}` in `Config::hosts` is no name: {why}", name.as_ref()),
        }
        self
    }

    /// The WebSocket subprotocols that are spoken: none. A client that offers some is answered with the
    /// first of its own that is among them, and refused if there is none (HS-5).
    pub fn subprotocols<P: Into<String>>(mut self, protocols: impl IntoIterator<Item = P>) -> Self {
        self.subprotocols = protocols.into_iter().map(Into::into).collect();
        self
    }

    /// Whether clients may show a token outside of their URL, where it would end up in logs: the
    /// `authToken` of phoenix.js. Off. [`ChannelConn::auth_token`](crate::ChannelConn::auth_token) has
    /// it (HS-5).
    pub fn auth_token(mut self, takes_token: bool) -> Self {
        self.auth_token = takes_token;
        self
    }

    /// Connect parameters that do not come from the query string but from the request, such as the
    /// variables of a router's path (HS-8).
    ///
    /// ```
    /// # use phx_channels::Config;
    /// use trillium_router::RouterConnExt;
    ///
    /// // Mounted at `/tenants/:tenant/socket/websocket`.
    /// Config::new().request_params(|conn| {
    ///     let tenant = conn.param("tenant");
    ///     tenant.map(|tenant| ("tenant".to_owned(), tenant.to_owned()))
    /// });
    /// ```
    pub fn request_params<I>(mut self, params: impl Fn(&Conn) -> I + Send + Sync + 'static) -> Self
    where
        I: IntoIterator<Item = (String, String)>,
    {
        let params = move |conn: &Conn| params(conn).into_iter().collect();
        self.request_params = Some(RequestParams(Arc::new(params)));
        self
    }

    /// Whether requests that are no WebSocket handshake are answered 400, with a text that says why,
    /// instead of being passed to the next handler (HS-6). Off.
    pub fn required(mut self, required: bool) -> Self {
        self.required = required;
        self
    }

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

    /// How long a poll waits for messages: 10 seconds. A client that does not poll for one and a half
    /// times as long is gone (LP-2, LP-7).
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
        self.mailbox = Limits {
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
}

/// What guards the connection itself.
impl Config {
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

type FromRequest = dyn Fn(&Conn) -> Vec<(String, String)> + Send + Sync;

/// Where [`Config::request_params`] come from.
#[derive(Clone)]
pub(crate) struct RequestParams(Arc<FromRequest>);

impl RequestParams {
    pub(crate) fn of(&self, conn: &Conn) -> Vec<(String, String)> {
        (self.0)(conn)
    }
}

impl fmt::Debug for RequestParams {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RequestParams")
    }
}

impl Default for Config {
    fn default() -> Self {
        Self::new()
    }
}
