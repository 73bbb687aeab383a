//! What happens to a client before it is connected, whatever it connects with.

use crate::{
    admission::{
        Via,
        origin::Target,
        params,
        subprotocol::{self, AuthToken, Negotiated},
    },
    clock::Timer,
    config::Config,
    conn::{ChannelConn, Decision, Handshake},
    handler::ChannelHandler,
    hub::Hub,
    limits::{Ticket, Visitors},
    message::payload::Payload,
    refused::Refused,
    shutdown::Roster,
    socket::Session,
    sync::Mutex,
    watch::ConnectRefusal,
    wire::negotiate,
};
use futures_util::{
    FutureExt,
    future::{BoxFuture, Either, select},
};
use serde_json::Value;
use std::{net::IpAddr, panic::AssertUnwindSafe, pin::pin, sync::Arc, time::Instant};
use trillium::{Headers, KnownHeaderName, Status, TypeSet};

/// A client at the door.
pub(crate) struct Request<'a> {
    pub(crate) query: &'a str,
    pub(crate) headers: &'a Headers,
    /// Where it knocks.
    pub(crate) target: Target<'a>,
    pub(crate) via: Via,
    /// Parameters that are not in the query string.
    pub(crate) params: Vec<(String, String)>,
    pub(crate) peer_ip: Option<IpAddr>,
    /// What trillium handlers in front left with the request.
    pub(crate) state: &'a TypeSet,
}

/// A client that may come in, and what `connect` keeps for it.
pub(crate) struct Admitted {
    pub(crate) session: Session,
    pub(crate) state: TypeSet,
    /// The subprotocol to answer with.
    pub(crate) protocol: Option<String>,
    pub(crate) ticket: Ticket,
}

/// What a server knows of those who have come in already.
pub(crate) struct Entrance<'a> {
    pub(crate) timer: Arc<dyn Timer>,
    pub(crate) roster: &'a Roster,
    pub(crate) visitors: &'a Arc<Visitors>,
}

/// Decides on a client: whether there is room for it, and then in Phoenix's order its origin, its subprotocols, its version, then the user's
/// `connect`.
///
/// # Errors
///
/// The refusal (HS-1 to HS-5).
pub(crate) fn admit<H: ChannelHandler>(
    handler: &H,
    config: &Config,
    hub: &Arc<Hub>,
    entrance: Entrance<'_>,
    request: Request<'_>,
) -> impl Future<Output = Result<Admitted, Refused>> {
    let via = request.via;
    let decision = decide(handler, config, hub, entrance, request);
    hub.watch.admission(via, decision)
}

async fn decide<H: ChannelHandler>(
    handler: &H,
    config: &Config,
    hub: &Arc<Hub>,
    entrance: Entrance<'_>,
    request: Request<'_>,
) -> Result<Admitted, Refused> {
    if entrance.roster.is_closed() {
        let refused = Refused::with_status(Status::ServiceUnavailable);
        return Err(refused.because(ConnectRefusal::ShuttingDown));
    }
    let now = entrance.timer.now();
    check_origin(config, hub, &request, now)?;
    let ticket = room(config, hub, &entrance, &request)?;
    let Negotiated { protocol, token } = shown(config, &request)?;
    let timeout = entrance.timer.delay(config.connect_timeout);
    let session = session(hub, entrance.timer, &request, token)?;
    let (session, state) = connect(handler, session, timeout, &request).await?;
    Ok(Admitted {
        session,
        state,
        protocol,
        ticket,
    })
}

fn check_origin(
    config: &Config,
    hub: &Hub,
    request: &Request<'_>,
    now: Instant,
) -> Result<(), Refused> {
    let Request {
        headers,
        target,
        via,
        ..
    } = *request;
    let checked = config.origin.check(&config.hosts, headers, target, via);
    checked.map_err(|denied| {
        if let Some(others) = hub.throttles.origins.admit(now) {
            log::warn!("refused a client because of its origin: {denied}{others}");
        }
        Refused::new().because(ConnectRefusal::Origin)
    })
}

/// Whether there is room for a client, and it does not connect too often.
fn room(
    config: &Config,
    hub: &Hub,
    entrance: &Entrance<'_>,
    request: &Request<'_>,
) -> Result<Ticket, Refused> {
    let (peer, via) = (request.peer_ip, request.via);
    let now = entrance.timer.now();
    let connects = hub.clients.take_connect(config, peer, now);
    let room = connects.and_then(|()| entrance.visitors.enter(config, peer, via));
    room.inspect_err(|refused| {
        if let Some(limit) = refused.why().limit()
            && let Some(others) = hub.throttles.refused.admit(now)
        {
            let peer = peer.map(|ip| format!(" from {ip}")).unwrap_or_default();
            log::warn!("refused a client{peer}, because of `{limit}`{others}");
        }
    })
}

/// What the client shows outside of its URL, and where it does so.
fn shown(config: &Config, request: &Request<'_>) -> Result<Negotiated, Refused> {
    let headers = request.headers;
    match request.via {
        Via::WebSocket => {
            let offer = headers.token_iter(KnownHeaderName::SecWebsocketProtocol);
            subprotocol::negotiate(offer, &config.subprotocols, config.auth_token)
                .map_err(|_| Refused::new().because(ConnectRefusal::Subprotocol))
        }
        Via::LongPoll => {
            let token = headers.get_str("x-phoenix-authtoken");
            let token = token.filter(|_| config.auth_token);
            Ok(Negotiated {
                protocol: None,
                token: token.map(|token| AuthToken(token.to_owned())),
            })
        }
    }
}

fn session(
    hub: &Arc<Hub>,
    timer: Arc<dyn Timer>,
    request: &Request<'_>,
    auth_token: Option<AuthToken>,
) -> Result<Session, Refused> {
    let mut params = params::parse(request.query);
    let vsn = match params.get("vsn") {
        None => None,
        Some(Value::String(vsn)) => Some(&**vsn),
        Some(_) => return Err(unspoken()),
    };
    let serializer = negotiate(vsn).ok_or_else(unspoken)?;
    let others = request.params.iter().cloned();
    params.extend(others.map(|(name, value)| (name, Value::String(value))));
    Ok(Session {
        hub: Arc::clone(hub),
        timer,
        serializer,
        params: Payload::new(&params).map_err(|_| unreadable())?,
        peer_ip: request.peer_ip,
        auth_token,
        id: None,
    })
}

/// The client wants a version of the protocol that there is not.
fn unspoken() -> Refused {
    Refused::new().because(ConnectRefusal::Version)
}

fn unreadable() -> Refused {
    Refused::with_status(Status::BadRequest).because(ConnectRefusal::Params)
}

async fn connect<H: ChannelHandler>(
    handler: &H,
    session: Session,
    timeout: BoxFuture<'static, ()>,
    request: &Request<'_>,
) -> Result<(Session, TypeSet), Refused> {
    let handshake = Handshake {
        headers: request.headers,
        state: request.state,
        decision: Mutex::default(),
    };
    let connect = async {
        let conn = ChannelConn::connecting(&session, &handshake);
        handler.connect(conn).await;
    };
    finish(connect, timeout).await?;
    let decision = handshake.decision.into_inner();
    let Decision { refused, state, id } = decision;
    match refused {
        Some(refused) => Err(refused),
        None => Ok((Session { id, ..session }, state)),
    }
}

/// Waits for a `connect` handler, but not for ever.
async fn finish(
    connect: impl Future<Output = ()>,
    timeout: BoxFuture<'static, ()>,
) -> Result<(), Refused> {
    let connect = pin!(AssertUnwindSafe(connect).catch_unwind());
    match select(connect, timeout).await {
        Either::Left((Ok(()), _)) => Ok(()),
        Either::Left((Err(_), _)) => {
            log::error!("a `connect` handler panicked");
            let refused = Refused::with_status(Status::InternalServerError);
            Err(refused.because(ConnectRefusal::Panicked))
        }
        Either::Right(_) => {
            log::warn!(
                "a `connect` handler is cut off: it took longer than `Config::connect_timeout`"
            );
            let refused = Refused::with_status(Status::ServiceUnavailable);
            Err(refused.because(ConnectRefusal::TimedOut))
        }
    }
}
