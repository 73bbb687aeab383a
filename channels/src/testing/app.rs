use super::{Fault, TestClient, pipe::pipe, timer::TestTimer};
use crate::{
    admission::{Via, origin::Target, subprotocol},
    broadcaster::Broadcaster,
    channel::Channel,
    config::Config,
    handler::ChannelHandler,
    hub::Hub,
    limits::Visitors,
    refused::Refused,
    shutdown::Roster,
    socket::{Connection, Socket},
    transport::handshake::{self, Entrance, Request},
};
use async_executor::Executor;
use futures_util::FutureExt;
use std::{fmt, future::IntoFuture, net::IpAddr, pin::Pin, sync::Arc, time::Duration};
use trillium::{Headers, KnownHeaderName, TypeSet};

/// A channel, served in memory. See the [module](super).
pub struct TestApp<H> {
    handler: Arc<H>,
    hub: Arc<Hub>,
    config: Arc<Config>,
    executor: Arc<Executor<'static>>,
    timer: Arc<TestTimer>,
    roster: Arc<Roster>,
    visitors: Arc<Visitors>,
}

impl<H: ChannelHandler> TestApp<H> {
    /// Serves this channel with its configuration.
    ///
    /// # Panics
    ///
    /// If two handlers of a tuple have a `#[join]` for the same topics.
    pub fn new(channel: &Channel<H>) -> Self {
        channel.check();
        let (handler, hub, config) = channel.parts();
        let executor = Arc::default();
        Self {
            handler,
            hub,
            config,
            timer: Arc::new(TestTimer::new(&executor)),
            executor,
            roster: Arc::default(),
            visitors: Arc::default(),
        }
    }

    /// Connects a client: `app.connect().await?`, or with parameters and headers set before the
    /// `await`.
    pub fn connect(&self) -> Connect<'_, H> {
        Connect {
            app: self,
            query: String::new(),
            vsn: Some("2.0.0".into()),
            headers: Headers::new(),
            state: TypeSet::new(),
            peer_ip: None,
            fault: None,
        }
    }

    /// A handle that broadcasts to the clients of this app.
    pub fn broadcaster(&self) -> Broadcaster {
        Broadcaster::new(Arc::clone(&self.hub))
    }

    /// Runs every connection until none of them has anything left to do.
    pub fn settle(&self) {
        while self.executor.try_tick() {}
    }

    /// Lets the time that the app goes by pass, which otherwise stands still: for timeouts, rates and the
    /// timers of [`ChannelConn::after`](crate::ChannelConn::after).
    ///
    /// It passes step by step, and all that is due at one time has had its turn before the clock goes on:
    /// a timer that is set anew whenever it goes off, once a second, goes off ten times in ten seconds.
    pub fn advance(&self, duration: Duration) {
        self.settle();
        let until = self.timer.elapsed().saturating_add(duration);
        while self.timer.step(until) {
            self.settle();
        }
        self.settle();
    }

    /// Lets the clock jump, as it does for a process that was stopped or a machine that was suspended:
    /// whatever came due meanwhile is late.
    pub fn jump(&self, duration: Duration) {
        self.settle();
        let until = self.timer.elapsed().saturating_add(duration);
        self.timer.jump(until);
        self.settle();
    }

    /// Whether no connection is left, not even one that is being closed.
    pub fn is_idle(&self) -> bool {
        self.settle();
        self.roster.is_empty()
    }

    /// How many bytes are kept for all connections together, or wait for them, as
    /// [`Config::connection_budget`](crate::Config::connection_budget) counts them.
    pub fn kept_bytes(&self) -> usize {
        self.settle();
        let connections = self.roster.connections();
        connections.iter().map(|connection| connection.kept()).sum()
    }

    /// Shuts down as a server does on a signal: the connections end, and no new ones are let in. What
    /// takes time goes on with [`advance`](Self::advance).
    pub fn shut_down(&self) {
        let roster = Arc::clone(&self.roster);
        let (config, timer) = (Arc::clone(&self.config), Arc::clone(&self.timer));
        let drain = async move { roster.drain(&config, &*timer).await };
        self.executor.spawn(drain).detach();
        self.settle();
    }
}

/// A client about to connect. Await it; the result is `Err` if `connect` or the handshake refuses.
#[must_use = "a client connects when this is awaited"]
pub struct Connect<'a, H> {
    app: &'a TestApp<H>,
    query: String,
    vsn: Option<String>,
    headers: Headers,
    state: TypeSet,
    peer_ip: Option<IpAddr>,
    fault: Option<Fault>,
}

impl<H: ChannelHandler> Connect<'_, H> {
    /// Adds a connect parameter; `a[b]` nests.
    pub fn param(mut self, name: &str, value: &str) -> Self {
        self.append(name, value);
        self
    }

    /// Speaks another protocol version than `2.0.0`; `None` sends no `vsn`, which means version 1.
    pub fn vsn(mut self, vsn: Option<&str>) -> Self {
        self.vsn = vsn.map(str::to_owned);
        self
    }

    /// Adds a header to the request, which may have several of one name. The `Host` is `localhost`, unless it is added.
    pub fn header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.append(name, value.to_owned());
        self
    }

    /// Shows a token outside of the URL, as phoenix.js does with its `authToken`: in the
    /// `sec-websocket-protocol` header, behind what [`header`](Self::header) has put there. Handlers see
    /// it where [`Config::auth_token`] is on.
    ///
    /// ```
    /// # #[cfg(feature = "macros")] {
    /// use phx_channels::{ChannelConn, Config, Refused, channel, testing::TestApp};
    ///
    /// struct Chat;
    ///
    /// #[channel]
    /// impl Chat {
    ///     #[connect]
    ///     async fn connect(&self, conn: ChannelConn<'_>) -> Result<(), Refused> {
    ///         match conn.auth_token() {
    ///             Some("secret") => Ok(()),
    ///             _ => Err(Refused::new()),
    ///         }
    ///     }
    ///
    ///     #[join("rooms:*")]
    ///     async fn join(&self) {}
    /// }
    ///
    /// # futures_lite::future::block_on(async {
    /// let app = TestApp::new(&channel(Chat).with_config(Config::new().auth_token(true)));
    /// assert!(app.connect().auth_token("secret").await.is_ok());
    /// assert!(app.connect().auth_token("guessed").await.is_err());
    /// # });
    /// # }
    /// ```
    pub fn auth_token(mut self, token: &str) -> Self {
        let mut offer = subprotocol::offer(token);
        if let Some(protocols) = self.headers.get_str(KnownHeaderName::SecWebsocketProtocol) {
            offer = format!("{protocols}, {offer}");
        }
        self.headers
            .insert(KnownHeaderName::SecWebsocketProtocol, offer);
        self
    }

    /// Adds a value as a trillium handler in front of the channel would.
    pub fn state<T: Send + Sync + 'static>(mut self, value: T) -> Self {
        self.state.insert(value);
        self
    }

    /// Connects from this address; from none, unless it is set.
    pub fn peer_ip(mut self, ip: impl Into<IpAddr>) -> Self {
        self.peer_ip = Some(ip.into());
        self
    }

    /// Lets the connection break.
    pub fn fault(mut self, fault: &Fault) -> Self {
        self.fault = Some(fault.clone());
        self
    }

    fn append(&mut self, name: &str, value: &str) {
        let mut query = form_urlencoded::Serializer::new(&mut self.query);
        query.append_pair(name, value);
    }

    async fn open(mut self) -> Result<TestClient, Refused> {
        if let Some(vsn) = self.vsn.take() {
            self.append("vsn", &vsn);
        }
        let app = self.app;
        let request = Request {
            query: &self.query,
            headers: &self.headers,
            target: Target {
                host: self.headers.get_str("host").or(Some("localhost")),
                secure: false,
            },
            via: Via::WebSocket,
            params: Vec::new(),
            peer_ip: self.peer_ip,
            state: &self.state,
        };
        let entrance = Entrance {
            timer: Arc::clone(&app.timer) as _,
            roster: &app.roster,
            visitors: &app.visitors,
        };
        let admitted =
            handshake::admit(&*app.handler, &app.config, &app.hub, entrance, request).await?;
        let serializer = admitted.session.serializer;
        let mut state = self.state;
        state.merge(admitted.state);
        let connection = Connection::new(admitted.session, state, &app.config);
        let socket = Socket::new(
            Arc::clone(&app.handler),
            connection,
            Arc::clone(&app.config),
        );
        let (transport, pipe) = pipe(self.fault);
        let seat = app.roster.enter(socket.connection());
        let until_done = (seat, admitted.ticket);
        let run = socket.run(transport).map(|()| drop(until_done));
        app.executor.spawn(run).detach();
        Ok(TestClient::new(pipe, Arc::clone(&app.executor), serializer))
    }
}

impl<'a, H: ChannelHandler> IntoFuture for Connect<'a, H> {
    type Output = Result<TestClient, Refused>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send + 'a>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.open())
    }
}

impl<H> fmt::Debug for TestApp<H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TestApp")
            .field("hub", &self.hub)
            .finish_non_exhaustive()
    }
}

impl<H> fmt::Debug for Connect<'_, H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connect")
            .field("vsn", &self.vsn)
            .finish_non_exhaustive()
    }
}
