//! Long polling: a connection made of HTTP requests, for clients that cannot have a WebSocket.

mod answer;
mod session;

use super::{
    Received, Target, Timer,
    handshake::{self, Admitted, Entrance, Request, Via},
    websocket::ServerTimer,
};
use crate::{
    ChannelHandler, Config,
    hub::Hub,
    limits::Visitors,
    shutdown::{self, Roster},
    socket::{Connection, Socket},
    wire::Frame,
};
use answer::{Answer, with_cors};
use base64::{Engine, prelude::BASE64_STANDARD, prelude::BASE64_URL_SAFE_NO_PAD};
use futures_util::{
    FutureExt,
    future::{BoxFuture, Either, select},
};
use session::{Session, Sessions};
use std::{fmt, future::poll_fn, pin::pin, sync::Arc};
use trillium::{Conn, Handler, Info, KnownHeaderName, Method, Status};
use trillium_server_common::{Runtime, Swansong};

/// Lines of one request that are processed, as in Phoenix (LP-5).
const MAX_LINES: usize = 100;
/// Bytes of one request (LP-18).
const MAX_BODY: u64 = 8_000_000;
/// Bytes of chance in a token.
const TOKEN: usize = 24;
const TOKEN_HEADER: &str = "x-phoenix-longpoll-token";

/// A channel for clients that poll, as a trillium handler. Made by
/// [`Channel::long_poll`](crate::Channel::long_poll).
pub struct LongPoll<H> {
    handler: Arc<H>,
    hub: Arc<Hub>,
    visitors: Arc<Visitors>,
    config: Arc<Config>,
    sessions: Arc<Sessions>,
    /// The connections of this mount.
    roster: Arc<Roster>,
    /// Known when the server starts.
    server: Option<(Runtime, Swansong)>,
}

impl<H: ChannelHandler> LongPoll<H> {
    pub(crate) fn new(
        handler: Arc<H>,
        hub: Arc<Hub>,
        visitors: Arc<Visitors>,
        config: Arc<Config>,
    ) -> Self {
        Self {
            handler,
            hub,
            visitors,
            config,
            sessions: Arc::default(),
            roster: Arc::default(),
            server: None,
        }
    }

    fn session(&self, conn: &Conn) -> Option<Arc<Session>> {
        let header = conn.request_headers().get_str(TOKEN_HEADER);
        let token = header.map(str::to_owned).or_else(|| {
            let mut query = form_urlencoded::parse(conn.querystring().as_bytes());
            let token = query.find(|(name, _)| name == "token");
            token.map(|(_, token)| token.into_owned())
        });
        self.sessions.find(&token?)
    }

    /// Waits for messages, or opens a session where there is none (LP-1, LP-2, LP-3).
    async fn get(&self, mut conn: Conn, runtime: &Runtime, swansong: &Swansong) -> Conn {
        let timer = ServerTimer(runtime.clone());
        if let Some(session) = self.session(&conn) {
            let poll = session.begin_poll();
            let window = timer.delay(self.config.long_poll_window);
            let waiting = wait(Arc::clone(&session), poll, window);
            // A client that has given up gets nothing: it would be lost.
            let Some(polled) = conn.cancel_on_disconnect(waiting).await else {
                return conn.halt();
            };
            session.end_poll(timer.now());
            if let Some(messages) = polled {
                return Answer::polled(session.token(), &messages).send(conn);
            }
        }
        self.open(conn, runtime, swansong).await
    }

    async fn open(&self, conn: Conn, runtime: &Runtime, swansong: &Swansong) -> Conn {
        let params = self.config.request_params.as_ref();
        let request = Request {
            query: conn.querystring(),
            headers: conn.request_headers(),
            target: Target {
                host: conn.host(),
                secure: conn.is_secure(),
            },
            via: Via::LongPoll,
            params: params.map(|params| params.of(&conn)).unwrap_or_default(),
            peer_ip: conn.peer_ip(),
            state: conn.as_ref(),
        };
        let entrance = Entrance {
            timer: Arc::new(ServerTimer(runtime.clone())),
            roster: &self.roster,
            visitors: &self.visitors,
        };
        let admitted = handshake::admit(&*self.handler, &self.config, &self.hub, entrance, request);
        let admitted = match admitted.await {
            Ok(admitted) => admitted,
            // Such an answer of HTTP lets phoenix.js try again.
            Err(refused) if refused.why().is_busy() => return refused.answer(with_cors(conn)),
            Err(_) => return Answer::FORBIDDEN.send(conn),
        };
        let Some(token) = new_token() else {
            return Answer::FORBIDDEN.send(conn);
        };
        let session = self.start(admitted, token, runtime, swansong);
        Answer::opened(session.token()).send(conn)
    }

    /// Starts the connection of a new session.
    fn start(
        &self,
        admitted: Admitted,
        token: Arc<str>,
        runtime: &Runtime,
        swansong: &Swansong,
    ) -> Arc<Session> {
        let Admitted {
            session,
            state,
            ticket,
            ..
        } = admitted;
        let timer = Arc::clone(&session.timer);
        let connection = Connection::new(session, state, &self.config);
        let socket = Socket::new(
            Arc::clone(&self.handler),
            connection,
            Arc::clone(&self.config),
        );
        let patience = self.config.long_poll_window * 3 / 2;
        let (session, polled) = self.sessions.open(token, timer, patience);
        let seat = self.roster.enter(socket.connection());
        let until_done = (swansong.guard(), seat, ticket);
        runtime.spawn_detached(socket.run(polled).map(|()| drop(until_done)));
        session
    }

    /// Takes messages of the client (LP-4 to LP-7).
    async fn post(&self, mut conn: Conn, runtime: &Runtime) -> Conn {
        let Some(session) = self.session(&conn) else {
            return Answer::GONE.send(conn);
        };
        let content_type = conn.request_headers().get_str(KnownHeaderName::ContentType);
        let is_batch = content_type == Some("application/x-ndjson");
        let body = match read_body(&mut conn, &session).await {
            Some(Ok(body)) => body,
            Some(Err(_)) => return with_cors(conn).with_status(Status::BadRequest).halt(),
            None => return Answer::GONE.send(conn),
        };
        let frames = if is_batch {
            batch(&body)
        } else {
            vec![Frame::Text(body.into())]
        };
        let window = ServerTimer(runtime.clone()).delay(self.config.long_poll_window);
        match select(pin!(self.publish(&session, frames)), window).await {
            Either::Left((true, _)) => Answer::PUBLISHED.send(conn),
            Either::Left((false, _)) => Answer::GONE.send(conn),
            Either::Right(_) => Answer::BUSY.send(conn),
        }
    }

    /// Hands frames to the connection, each when it has taken the one before; whether it lives.
    async fn publish(&self, session: &Session, frames: Vec<Frame>) -> bool {
        for frame in frames {
            let is_too_long = frame.len() > self.config.max_message_size;
            session.publish(if is_too_long {
                Received::Violation(super::CloseCode::TooBig)
            } else {
                Received::Frame(frame)
            });
            if !poll_fn(|cx| session.poll_taken(cx)).await {
                return false;
            }
        }
        true
    }
}

/// What a client publishes; `None` if the session ends first. A server that shuts down would else wait for
/// the rest of it as long as the client likes.
async fn read_body(conn: &mut Conn, session: &Session) -> Option<trillium_http::Result<String>> {
    let body = conn.request_body().with_max_len(MAX_BODY).read_string();
    match select(pin!(body), pin!(session.over())).await {
        Either::Left((body, _)) => Some(body),
        Either::Right(_) => None,
    }
}

/// The messages for a poll, none when its window ends; `None` if the session ends. A poll that another one
/// has taken over from has none in either case.
async fn wait(
    session: Arc<Session>,
    poll: u64,
    window: BoxFuture<'static, ()>,
) -> Option<Vec<crate::wire::Utf8Bytes>> {
    let messages = poll_fn(|cx| session.poll_messages(poll, cx));
    let over = pin!(session.over());
    let end = select(window, over);
    match select(messages, end).await {
        Either::Left((messages, _)) => messages,
        Either::Right(_) => Some(Vec::new()),
    }
}

/// The frames of a batch: lines of text, or of bytes in base64. What is neither is left out.
fn batch(body: &str) -> Vec<Frame> {
    let lines = body.lines().filter(|line| !line.is_empty()).take(MAX_LINES);
    lines
        .filter_map(|line| {
            if line.starts_with('[') {
                return Some(Frame::Text(line.into()));
            }
            let bytes = BASE64_STANDARD.decode(line);
            bytes
                .inspect_err(|error| log::debug!("dropped a line that is no frame: {error}"))
                .ok()
                .map(|bytes| Frame::Binary(bytes.into()))
        })
        .collect()
}

/// A token that nobody guesses; `None` if the system has no chance to give.
fn new_token() -> Option<Arc<str>> {
    let mut bytes = [0; TOKEN];
    getrandom::fill(&mut bytes)
        .inspect_err(|error| log::error!("no session was opened: {error}"))
        .ok()?;
    Some(BASE64_URL_SAFE_NO_PAD.encode(bytes).into())
}

/// Answers the question of a browser whether a page may do this (LP-9).
fn preflight(conn: Conn) -> Conn {
    let headers = conn.request_headers();
    let asked = headers.get_str(KnownHeaderName::AccessControlRequestHeaders);
    let asked = asked.unwrap_or_default().to_owned();
    with_cors(conn)
        .with_response_header(KnownHeaderName::AccessControlAllowHeaders, asked)
        .with_response_header(
            KnownHeaderName::AccessControlAllowMethods,
            "get, post, options",
        )
        .with_response_header(KnownHeaderName::AccessControlMaxAge, "3600")
        .with_status(Status::Ok)
        .with_body("")
        .halt()
}

impl<H: ChannelHandler> Handler for LongPoll<H> {
    async fn init(&mut self, info: &mut Info) {
        let runtime = info.shared_state::<Runtime>().cloned();
        self.server = runtime.map(|runtime| (runtime, info.swansong().clone()));
        match &self.server {
            Some((runtime, swansong)) => {
                shutdown::watch(&self.roster, &self.config, runtime, swansong);
            }
            None => {
                log::error!(
                    "channels need a server that shares its runtime; polls will be refused"
                );
            }
        }
    }

    async fn run(&self, conn: Conn) -> Conn {
        let Some((runtime, swansong)) = &self.server else {
            return conn.with_status(Status::ServiceUnavailable).halt();
        };
        match conn.method() {
            Method::Get => self.get(conn, runtime, swansong).await,
            Method::Post => self.post(conn, runtime).await,
            Method::Options => preflight(conn),
            _ => with_cors(conn).with_status(Status::BadRequest).halt(),
        }
    }
}

impl<H> fmt::Debug for LongPoll<H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LongPoll")
            .field("hub", &self.hub)
            .field("config", &self.config)
            .finish_non_exhaustive()
    }
}
