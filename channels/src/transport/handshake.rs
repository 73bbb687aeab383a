//! What happens to a client before it is connected, whatever it connects with.

use super::params;
use crate::{
    ChannelConn, ChannelHandler, Config, Payload, Refused,
    conn::{Decision, Handshake},
    hub::Hub,
    socket::Session,
    wire::negotiate,
};
use futures_util::FutureExt;
use serde_json::Value;
use std::{
    net::IpAddr,
    panic::AssertUnwindSafe,
    sync::{Arc, Mutex, PoisonError},
};
use trillium::{Headers, Status, TypeSet};

/// A client at the door.
pub(crate) struct Request<'a> {
    pub(crate) query: &'a str,
    pub(crate) headers: &'a Headers,
    /// What the request names as its host.
    pub(crate) host: Option<&'a str>,
    pub(crate) peer_ip: Option<IpAddr>,
    /// What trillium handlers in front left with the request.
    pub(crate) state: &'a TypeSet,
}

/// A client that may come in, and what `connect` keeps for it.
pub(crate) struct Admitted {
    pub(crate) session: Session,
    pub(crate) state: TypeSet,
}

/// Decides on a client in Phoenix's order: its origin, its version, then the user's `connect`.
///
/// # Errors
///
/// The HTTP status of the refusal (HS-1, HS-2, HS-4).
pub(crate) async fn admit<H: ChannelHandler>(
    handler: &H,
    config: &Config,
    hub: &Arc<Hub>,
    request: Request<'_>,
) -> Result<Admitted, Status> {
    if !config.origin.allows(request.headers, request.host) {
        log::warn!(
            "refused a socket that a page of another origin asked for; if it should be let in, see \
             `Config::origin`"
        );
        return Err(Status::Forbidden);
    }
    let params = params::parse(request.query);
    let vsn = match params.get("vsn") {
        None => None,
        Some(Value::String(vsn)) => Some(&**vsn),
        Some(_) => return Err(Status::Forbidden),
    };
    let serializer = negotiate(vsn).ok_or(Status::Forbidden)?;
    let session = Session {
        hub: Arc::clone(hub),
        serializer,
        params: Payload::new(&params).map_err(|_| Status::BadRequest)?,
        peer_ip: request.peer_ip,
    };
    let state = connect(handler, &session, &request).await?;
    Ok(Admitted { session, state })
}

async fn connect<H: ChannelHandler>(
    handler: &H,
    session: &Session,
    request: &Request<'_>,
) -> Result<TypeSet, Status> {
    let handshake = Handshake {
        headers: request.headers,
        state: request.state,
        decision: Mutex::default(),
    };
    let connect = async {
        let conn = ChannelConn::connecting(session, &handshake);
        handler.connect(conn).await;
    };
    if AssertUnwindSafe(connect).catch_unwind().await.is_err() {
        log::error!("a `connect` handler panicked");
        return Err(Status::InternalServerError);
    }
    let decision = handshake.decision.into_inner();
    let Decision { refused, state } = decision.unwrap_or_else(PoisonError::into_inner);
    match refused.as_ref().map(Refused::status) {
        Some(status) => Err(status),
        None => Ok(state),
    }
}
