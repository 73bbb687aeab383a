use crate::{
    admission::{Via, origin::Target},
    broadcaster::Broadcaster,
    config::Config,
    handler::ChannelHandler,
    hub::Hub,
    limits::Visitors,
    shutdown::{self, Roster},
    socket::{Connection, Socket},
    topic,
    transport::{
        handshake::{self, Admitted, Entrance, Request},
        longpoll::LongPoll,
        websocket::{
            self, Handshake, ServerTimer,
            request::{self, Wrong},
        },
    },
    watch::ConnectRefusal,
};
use futures_util::FutureExt;
use std::{any::Any, fmt, sync::Arc};
use trillium::{Conn, Handler, Info, KnownHeaderName, Status, TypeSet, Upgrade};
use trillium_server_common::{Runtime, Swansong};
use trillium_websockets::WebSocket;

/// Makes a trillium handler of a channel handler.
///
/// It takes every WebSocket handshake that reaches it and lets all other requests pass to the next
/// handler. Mount it with a router, or put it before the rest of the application:
///
/// ```
/// # use phx_channels::{channel, ChannelConn, ChannelEvent, ChannelHandler};
/// # struct Chat;
/// # #[phx_channels::async_trait]
/// # impl ChannelHandler for Chat {
/// #     async fn join_channel(&self, _: ChannelConn<'_>, _: ChannelEvent) {}
/// # }
/// let app = (channel(Chat), "everything that is not a socket");
/// // trillium_smol::run(app);
/// ```
///
/// A tuple of handlers shares one socket: `channel((Chat, Admin))`. Of all their patterns, the most
/// specific one takes a topic; handlers written by hand are asked last.
///
/// # Panics
///
/// When the server starts, if two handlers of a tuple have a `#[join]` for the same topics; the
/// message names both.
pub fn channel<H: ChannelHandler>(handler: H) -> Channel<H> {
    Channel::new(handler)
}

/// A channel handler as a trillium handler, on any trillium server. Made by [`channel`].
pub struct Channel<H> {
    endpoint: Endpoint<H>,
    websocket: WebSocket<Handshake>,
}

/// A client on its way from its handshake to its connection. Between the two nobody else keeps the server from ending,
/// and `disconnect` would never be called for it.
struct Upgrading {
    admitted: Admitted,
    guard: Box<dyn Any + Send + Sync>,
}

/// What the connections of one channel have in common.
struct Endpoint<H> {
    handler: Arc<H>,
    hub: Arc<Hub>,
    visitors: Arc<Visitors>,
    config: Arc<Config>,
    /// The connections of this mount.
    roster: Arc<Roster>,
    /// Known when the server starts.
    server: Option<(Runtime, Swansong)>,
}

impl<H: ChannelHandler> Channel<H> {
    /// See [`channel`].
    pub fn new(handler: H) -> Self {
        Self::build(handler, Arc::default(), Arc::default(), Config::new())
    }

    fn build(
        handler: impl Into<Arc<H>>,
        hub: Arc<Hub>,
        visitors: Arc<Visitors>,
        config: Config,
    ) -> Self {
        hub.configure(&config);
        let endpoint = Endpoint {
            handler: handler.into(),
            hub,
            visitors,
            config: config.into(),
            roster: Arc::default(),
            server: None,
        };
        // The origin is looked at here, before the user's `connect` runs, and not a second time.
        let websocket = WebSocket::new(Handshake).allow_any_origin();
        Self {
            endpoint,
            websocket,
        }
    }

    /// The same channel with this configuration.
    #[must_use]
    pub fn with_config(self, config: Config) -> Self {
        let Endpoint {
            handler,
            hub,
            visitors,
            ..
        } = &self.endpoint;
        let (handler, hub) = (Arc::clone(handler), Arc::clone(hub));
        Self::build(handler, hub, Arc::clone(visitors), config)
    }

    /// The same channel for clients that poll: another trillium handler, to be mounted beside this one,
    /// at `/socket/longpoll` for phoenix.js. Both have the same members, and this configuration.
    ///
    /// It answers every request that reaches it. Without it, no client polls.
    ///
    /// A session counts as a connection from its first request on, with the
    /// [budget](Config::connection_budget) of one. What does not fit is refused with HTTP status 429; a body
    /// has [`Config::body_timeout`] to come; each address has
    /// [`Config::max_polling_sessions_per_peer`] sessions, 500, and one that is not polled ends after one and a
    /// half [windows](Config::long_poll_window), or after 5 seconds if it has not been used at all. A token is
    /// worth nothing to a page of another origin than the one that opened the session.
    ///
    /// ```
    /// # use phx_channels::{channel, ChannelConn, ChannelEvent, ChannelHandler};
    /// use trillium_router::Router;
    /// # struct Chat;
    /// # #[phx_channels::async_trait]
    /// # impl ChannelHandler for Chat {
    /// #     async fn join_channel(&self, _: ChannelConn<'_>, _: ChannelEvent) {}
    /// # }
    ///
    /// let chat = channel(Chat);
    /// let app = Router::new()
    ///     .all("/socket/longpoll", chat.long_poll())
    ///     .all("/socket/websocket", chat);
    /// ```
    pub fn long_poll(&self) -> LongPoll<H> {
        let Endpoint {
            handler,
            hub,
            visitors,
            config,
            ..
        } = &self.endpoint;
        LongPoll::new(
            Arc::clone(handler),
            Arc::clone(hub),
            Arc::clone(visitors),
            Arc::clone(config),
        )
    }

    /// A handle that sends to the members of a topic from anywhere in the application.
    pub fn broadcaster(&self) -> Broadcaster {
        Broadcaster::new(Arc::clone(&self.endpoint.hub))
    }

    async fn upgrade_with(&self, conn: Conn, mut admitted: Admitted) -> Conn {
        let protocol = admitted.protocol.take();
        let mut conn = self.websocket.run(upgrading(conn, admitted)).await;
        if let Some(protocol) = protocol {
            let headers = conn.response_headers_mut();
            headers.insert(KnownHeaderName::SecWebsocketProtocol, protocol);
        }
        conn
    }

    /// # Panics
    ///
    /// If two handlers of a tuple have the same pattern.
    pub(crate) fn check(&self) {
        if let Some(collision) = topic::collision(&self.endpoint.handler.declared()) {
            panic!("{collision}");
        }
    }

    #[cfg(feature = "testing")]
    pub(crate) fn parts(&self) -> (Arc<H>, Arc<Hub>, Arc<Config>) {
        let endpoint = &self.endpoint;
        (
            Arc::clone(&endpoint.handler),
            Arc::clone(&endpoint.hub),
            Arc::clone(&endpoint.config),
        )
    }
}

/// The request as trillium wants to see it. Not in the `async fn`, which would keep the room of what it has lent out
/// once more, in the task of every handshake.
fn upgrading(mut conn: Conn, admitted: Admitted) -> Conn {
    // The client may have named other protocols, too, and trillium wants to see this one alone.
    let headers = conn.request_headers_mut();
    headers.insert(KnownHeaderName::Upgrade, "websocket");
    let guard = Box::new(conn.swansong().guard());
    conn.with_state(Upgrading { admitted, guard })
}

/// The same channel once more, for another mount: its clients are members of the same topics.
impl<H: ChannelHandler> Clone for Channel<H> {
    fn clone(&self) -> Self {
        let Endpoint {
            handler,
            hub,
            visitors,
            config,
            ..
        } = &self.endpoint;
        Self::build(
            Arc::clone(handler),
            Arc::clone(hub),
            Arc::clone(visitors),
            (**config).clone(),
        )
    }
}

impl<H: ChannelHandler> Handler for Channel<H> {
    async fn init(&mut self, info: &mut Info) {
        self.check();
        let endpoint = &mut self.endpoint;
        match info.shared_state::<Runtime>().cloned() {
            Some(runtime) => {
                let swansong = info.swansong().clone();
                shutdown::watch(&endpoint.roster, &endpoint.config, &runtime, &swansong);
                endpoint.server = Some((runtime, swansong));
            }
            None => {
                log::error!(
                    "channels need a server that shares its runtime; sockets will be refused"
                );
            }
        }
        self.websocket.init(info).await;
    }

    async fn run(&self, conn: Conn) -> Conn {
        if let Err(wrong) = request::check(&conn) {
            return match wrong {
                Wrong::NotAsked if !self.endpoint.config.required => conn,
                wrong => {
                    self.endpoint.hub.watch.refused(ConnectRefusal::Handshake);
                    wrong.refusal(conn.request_headers()).answer(conn)
                }
            };
        }
        let Some((runtime, _)) = &self.endpoint.server else {
            return conn.with_status(Status::ServiceUnavailable).halt();
        };
        let Endpoint {
            handler,
            hub,
            visitors,
            config,
            roster,
            ..
        } = &self.endpoint;
        let params = config.request_params.as_ref();
        let request = Request {
            query: conn.querystring(),
            headers: conn.request_headers(),
            target: Target {
                host: conn.host(),
                secure: conn.is_secure(),
            },
            via: Via::WebSocket,
            params: params.map(|params| params.of(&conn)).unwrap_or_default(),
            peer_ip: conn.peer_ip(),
            state: conn.as_ref(),
        };
        let entrance = Entrance {
            timer: Arc::new(ServerTimer(runtime.clone())),
            roster,
            visitors,
        };
        match handshake::admit(&**handler, config, hub, entrance, request).await {
            Ok(admitted) => self.upgrade_with(conn, admitted).await,
            Err(refused) => refused.answer(conn),
        }
    }

    async fn before_send(&self, conn: Conn) -> Conn {
        self.websocket.before_send(conn).await
    }

    fn has_upgrade(&self, upgrade: &Upgrade) -> bool {
        self.websocket.has_upgrade(upgrade) && upgrade.state().contains::<Upgrading>()
    }

    async fn upgrade(&self, upgrade: Upgrade) {
        self.endpoint.serve(upgrade);
    }
}

impl<H: ChannelHandler> Endpoint<H> {
    /// Moves the connection into a task of its own, so that nothing of the HTTP request outlives
    /// the handshake.
    fn serve(&self, mut upgrade: Upgrade) {
        let upgrading = upgrade.state_mut().take::<Upgrading>();
        let (Some((runtime, swansong)), Some(upgrading)) = (&self.server, upgrading) else {
            return;
        };
        let until_open = upgrading.guard;
        let admitted = upgrading.admitted;
        // Not the request's own set, which has room for far more.
        let mut state = TypeSet::new();
        state.merge(upgrade.take_state());
        state.merge(admitted.state);
        let connection = Connection::new(admitted.session, state, &self.config);
        let socket = Socket::new(
            Arc::clone(&self.handler),
            connection,
            Arc::clone(&self.config),
        );
        let seat = self.roster.enter(socket.connection());
        let until_done = (seat, admitted.ticket, swansong.guard());
        drop(until_open);
        let run = socket.run(websocket::WebSocket::new(upgrade, &self.config));
        runtime.spawn_detached(run.map(|()| drop(until_done)));
    }
}

impl<H> fmt::Debug for Channel<H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Channel")
            .field("hub", &self.endpoint.hub)
            .field("config", &self.endpoint.config)
            .finish_non_exhaustive()
    }
}
