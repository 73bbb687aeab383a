//! Long polling: a connection made of HTTP requests, for clients that cannot have a WebSocket.

mod answer;
mod batch;
mod body;
mod liveness;
#[cfg(all(test, model))]
mod model;
mod polled;
mod request;
mod session;
mod sessions;
mod token;
mod unsent;

use super::{
    handshake::{self, Admitted, Entrance, Request as Handshake},
    websocket::ServerTimer,
};
use crate::{
    admission::{
        Via,
        origin::{Target, opener::Opener},
    },
    clock::Timer,
    config::Config,
    handler::ChannelHandler,
    hub::Hub,
    limits::Visitors,
    shutdown::{self, Roster},
    socket::{Connection, Socket},
};
use answer::{Answer, with_close, with_cors};
use batch::NoFrames;
use body::NoBody;
use futures_util::{
    FutureExt,
    future::{Either, select},
};
use liveness::while_connected;
use request::{Full, Polled, Request};
use session::Session;
use sessions::Sessions;
use std::{fmt, future::poll_fn, sync::Arc};
use trillium::{Conn, Handler, Info, KnownHeaderName, Method, Status};
use trillium_server_common::{Runtime, Swansong};
use unsent::Unsent;

/// Bytes that the body of a request may have, as in Phoenix (LP-18), if there is room for as many.
const MAX_BODY: usize = 8_000_000;

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

/// Whose session a request is of.
enum Of {
    /// It shows no token, or one that is worth nothing.
    Nobody,
    Client(Arc<Session>),
    /// The request comes from where it may not come from.
    Foreign,
}

/// How a request that publishes is answered when it publishes nothing.
enum Refusal {
    Answer(Answer<'static>),
    Status(Status),
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

    /// The session of a request, which has to come from where the session was opened.
    fn session(&self, conn: &Conn) -> Of {
        let Some(session) = token::of(conn).and_then(|token| self.sessions.find(&token)) else {
            return Of::Nobody;
        };
        let (config, headers) = (&self.config, conn.request_headers());
        let checked = config
            .origin
            .check(&config.hosts, headers, target(conn), Via::LongPoll);
        if checked.is_ok() && session.opener.asks_again(headers, conn.method()) {
            Of::Client(session)
        } else {
            log::debug!("refused a request for a session of another origin");
            Of::Foreign
        }
    }

    /// Waits for messages, or opens a session where there is none (LP-1, LP-2, LP-3).
    async fn get(&self, mut conn: Conn, runtime: &Runtime, swansong: &Swansong) -> Conn {
        let session = match self.session(&conn) {
            Of::Client(session) => session,
            Of::Nobody => return self.open(conn, runtime, swansong).await,
            Of::Foreign => return Answer::FORBIDDEN.send(conn),
        };
        let Ok(poll) = Request::poll(&session) else {
            return too_many(conn);
        };
        let window = ServerTimer(runtime.clone()).delay(self.config.long_poll_window);
        let messages = poll_fn(|cx| poll.poll_messages(cx));
        // A client that has given up gets nothing: it would be lost.
        let polled = match while_connected(&mut conn, select(messages, window)).await {
            None => return conn.halt(),
            Some(Either::Left((polled, _))) => polled,
            Some(Either::Right(_)) => Polled::Nothing,
        };
        match polled {
            Polled::Messages(unsent) => deliver(conn, session.token(), unsent),
            Polled::Nothing => Answer::nothing(session.token()).send(conn),
            Polled::Ended => self.open(conn, runtime, swansong).await,
        }
    }

    async fn open(&self, conn: Conn, runtime: &Runtime, swansong: &Swansong) -> Conn {
        let opener = Opener::of(conn.request_headers());
        let params = self.config.request_params.as_ref();
        let request = Handshake {
            query: conn.querystring(),
            headers: conn.request_headers(),
            target: target(&conn),
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
        let Some(token) = token::new() else {
            return Answer::FORBIDDEN.send(conn);
        };
        self.start(admitted, Arc::clone(&token), opener, runtime, swansong);
        Answer::opened(&token).send(conn)
    }

    /// Starts the connection of a new session.
    fn start(
        &self,
        admitted: Admitted,
        token: Arc<str>,
        opener: Opener,
        runtime: &Runtime,
        swansong: &Swansong,
    ) {
        let Admitted {
            session,
            state,
            ticket,
            ..
        } = admitted;
        let (timer, ticket) = (Arc::clone(&session.timer), Arc::new(ticket));
        let connection = Connection::new(session, state, &self.config);
        let socket = Socket::new(
            Arc::clone(&self.handler),
            connection,
            Arc::clone(&self.config),
        );
        let connection = Arc::downgrade(socket.connection());
        let session = Session::new(
            token,
            opener,
            timer,
            Arc::clone(&ticket),
            connection,
            &self.config,
        );
        let polled = self.sessions.open(Arc::new(session));
        let seat = self.roster.enter(socket.connection());
        let until_done = (swansong.guard(), seat, ticket);
        runtime.spawn_detached(socket.run(polled).map(|()| drop(until_done)));
    }

    /// Takes messages of the client (LP-4 to LP-7).
    async fn post(&self, mut conn: Conn, runtime: &Runtime, swansong: &Swansong) -> Conn {
        let timer = ServerTimer(runtime.clone());
        let in_time = timer.delay(self.config.body_timeout);
        let request = match self.session(&conn) {
            Of::Client(session) => Request::publish(&session).map_err(Refusal::from),
            Of::Nobody => Err(Refusal::Answer(Answer::GONE)),
            Of::Foreign => Err(Refusal::Answer(Answer::FORBIDDEN)),
        };
        let (is_read, published) = match request {
            Ok(request) => match self.read(&mut conn, &request, in_time).await {
                Ok(body) => (true, self.publish(&conn, request, body, &timer).await),
                Err(why) => (why.is_read(), Err(why.into())),
            },
            Err(refusal) => {
                let over = select(in_time, swansong.shutting_down());
                let over = over.map(|_| NoBody::Late);
                let is_read = body::discard(conn.request_body(), over).await;
                (is_read, Err(refusal))
            }
        };
        let conn = if is_read { conn } else { with_close(conn) };
        match published {
            Ok(()) => Answer::PUBLISHED.send(conn),
            Err(Refusal::Answer(answer)) => answer.send(conn),
            Err(Refusal::Status(status)) => with_cors(conn).with_status(status).halt(),
        }
    }

    /// What a client publishes. A server that shuts down would else wait for the rest of it as long as the
    /// client likes.
    async fn read(
        &self,
        conn: &mut Conn,
        request: &Request,
        in_time: impl Future<Output = ()> + Unpin,
    ) -> Result<Vec<u8>, NoBody> {
        let most = MAX_BODY.min(self.config.budget());
        let ended = poll_fn(|cx| request.poll_ended(cx));
        let over = select(in_time, ended).map(|over| match over {
            Either::Left(_) => NoBody::Late,
            Either::Right(_) => NoBody::Over,
        });
        body::read(conn.request_body(), most, request, over).await
    }

    /// Hands the frames of a body to the connection, each when it has taken the one before.
    async fn publish(
        &self,
        conn: &Conn,
        request: Request,
        body: Vec<u8>,
        timer: &ServerTimer,
    ) -> Result<(), Refusal> {
        let content_type = conn.request_headers().get_str(KnownHeaderName::ContentType);
        let frames = if content_type == Some("application/x-ndjson") {
            batch::batch(body, &request)?
        } else {
            batch::single(body)?
        };
        request.hand_over(batch::received(frames, self.config.max_message_size));
        let window = timer.delay(self.config.long_poll_window);
        match select(poll_fn(|cx| request.poll_taken(cx)), window).await {
            Either::Left((true, _)) => Ok(()),
            Either::Left((false, _)) => Err(Refusal::Answer(Answer::GONE)),
            // What has not been taken goes with the request.
            Either::Right(_) => Err(Refusal::Answer(Answer::LATE)),
        }
    }
}

fn target(conn: &Conn) -> Target<'_> {
    Target {
        host: conn.host(),
        secure: conn.is_secure(),
    }
}

/// Answers a poll with messages, which wait for the next one if the answer cannot be sent.
fn deliver(conn: Conn, token: &str, mut unsent: Unsent) -> Conn {
    let Ok(body) = Answer::polled(token, unsent.messages()).encode() else {
        return conn.with_status(Status::InternalServerError).halt();
    };
    unsent.is_in(body.len());
    let mut conn = answer::send(conn, body);
    let inner: &mut trillium_http::Conn<_> = conn.as_mut();
    inner.after_send(move |status| {
        if status.is_success() {
            unsent.sent();
        }
    });
    conn
}

/// So much of a session is under way that there is no room for more. Such an answer of HTTP lets
/// phoenix.js connect anew.
fn too_many(conn: Conn) -> Conn {
    with_cors(conn).with_status(Status::TooManyRequests).halt()
}

impl From<Full> for Refusal {
    fn from(_: Full) -> Self {
        Self::Status(Status::TooManyRequests)
    }
}

impl From<NoBody> for Refusal {
    fn from(why: NoBody) -> Self {
        match why {
            NoBody::TooLong | NoBody::Broken => Self::Status(Status::BadRequest),
            NoBody::NoRoom => Full.into(),
            NoBody::Late => Self::Answer(Answer::LATE),
            NoBody::Over => Self::Answer(Answer::GONE),
        }
    }
}

impl From<NoFrames> for Refusal {
    fn from(why: NoFrames) -> Self {
        match why {
            NoFrames::NotText => Self::Status(Status::BadRequest),
            NoFrames::NoRoom => Full.into(),
        }
    }
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
        if conn.method() == Method::Post {
            return self.post(conn, runtime, swansong).await;
        }
        let conn = if has_body(&conn) {
            with_close(conn)
        } else {
            conn
        };
        match conn.method() {
            Method::Get => self.get(conn, runtime, swansong).await,
            Method::Options => preflight(conn),
            _ => with_cors(conn).with_status(Status::BadRequest).halt(),
        }
    }
}

/// Whether a request says that it has a body, be it an empty one.
fn has_body(conn: &Conn) -> bool {
    let headers = conn.request_headers();
    headers.has_header(KnownHeaderName::ContentLength)
        && headers.get_str(KnownHeaderName::ContentLength) != Some("0")
        || headers.has_header(KnownHeaderName::TransferEncoding)
}

impl<H> fmt::Debug for LongPoll<H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LongPoll")
            .field("hub", &self.hub)
            .field("config", &self.config)
            .finish_non_exhaustive()
    }
}
