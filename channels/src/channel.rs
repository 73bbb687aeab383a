use crate::{
    Broadcaster, ChannelHandler, Config,
    hub::Hub,
    socket::{Connection, Socket},
    topic,
    transport::{
        Target,
        handshake::{self, Admitted, Request, Via},
        longpoll::LongPoll,
        websocket::{self, Handshake, ServerTimer, Wrong},
    },
};
use futures_util::FutureExt;
use std::{fmt, sync::Arc};
use trillium::{Conn, Handler, Info, KnownHeaderName, Status, TypeSet, Upgrade};
use trillium_server_common::Runtime;
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

/// What the connections of one channel have in common.
struct Endpoint<H> {
    handler: Arc<H>,
    hub: Arc<Hub>,
    config: Arc<Config>,
    /// Known when the server starts.
    runtime: Option<Runtime>,
}

impl<H: ChannelHandler> Channel<H> {
    /// See [`channel`].
    pub fn new(handler: H) -> Self {
        Self::build(handler, Arc::default(), Config::new())
    }

    fn build(handler: impl Into<Arc<H>>, hub: Arc<Hub>, config: Config) -> Self {
        let endpoint = Endpoint {
            handler: handler.into(),
            hub,
            config: config.into(),
            runtime: None,
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
        let Endpoint { handler, hub, .. } = &self.endpoint;
        Self::build(Arc::clone(handler), Arc::clone(hub), config)
    }

    /// The same channel for clients that poll: another trillium handler, to be mounted beside this one,
    /// at `/socket/longpoll` for phoenix.js. Both have the same members, and this configuration.
    ///
    /// It answers every request that reaches it. Without it, no client polls.
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
            config,
            ..
        } = &self.endpoint;
        LongPoll::new(Arc::clone(handler), Arc::clone(hub), Arc::clone(config))
    }

    /// A handle that sends to the members of a topic from anywhere in the application.
    pub fn broadcaster(&self) -> Broadcaster {
        Broadcaster::new(Arc::clone(&self.endpoint.hub))
    }

    async fn upgrade_with(&self, conn: Conn, mut admitted: Admitted) -> Conn {
        let protocol = admitted.protocol.take();
        let mut conn = self.websocket.run(conn.with_state(admitted)).await;
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

/// The same channel once more, for another mount: its clients are members of the same topics.
impl<H: ChannelHandler> Clone for Channel<H> {
    fn clone(&self) -> Self {
        let Endpoint {
            handler,
            hub,
            config,
            ..
        } = &self.endpoint;
        Self::build(Arc::clone(handler), Arc::clone(hub), (**config).clone())
    }
}

impl<H: ChannelHandler> Handler for Channel<H> {
    async fn init(&mut self, info: &mut Info) {
        self.check();
        self.endpoint.runtime = info.shared_state::<Runtime>().cloned();
        if self.endpoint.runtime.is_none() {
            log::error!("channels need a server that shares its runtime; sockets will be refused");
        }
        self.websocket.init(info).await;
    }

    async fn run(&self, conn: Conn) -> Conn {
        if let Err(wrong) = websocket::check_handshake(&conn) {
            return match wrong {
                Wrong::NotAsked if !self.endpoint.config.required => conn,
                wrong => wrong.refusal().answer(conn),
            };
        }
        if self.endpoint.runtime.is_none() {
            return conn.with_status(Status::ServiceUnavailable).halt();
        }
        let Endpoint {
            handler,
            hub,
            config,
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
        match handshake::admit(&**handler, config, hub, request).await {
            Ok(admitted) => self.upgrade_with(conn, admitted).await,
            Err(refused) => refused.answer(conn),
        }
    }

    async fn before_send(&self, conn: Conn) -> Conn {
        self.websocket.before_send(conn).await
    }

    fn has_upgrade(&self, upgrade: &Upgrade) -> bool {
        self.websocket.has_upgrade(upgrade) && upgrade.state().contains::<Admitted>()
    }

    async fn upgrade(&self, upgrade: Upgrade) {
        self.endpoint.serve(upgrade);
    }
}

impl<H: ChannelHandler> Endpoint<H> {
    /// Moves the connection into a task of its own, so that nothing of the HTTP request outlives
    /// the handshake.
    fn serve(&self, mut upgrade: Upgrade) {
        let admitted = upgrade.state_mut().take::<Admitted>();
        let (Some(runtime), Some(admitted)) = (&self.runtime, admitted) else {
            return;
        };
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
        let until_done = upgrade.swansong().guard();
        let transport = websocket::WebSocket::new(upgrade, &self.config);
        let timer = Arc::new(ServerTimer(runtime.clone()));
        let run = socket.run(transport, timer);
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
