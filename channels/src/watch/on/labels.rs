//! What the runtime knows, as labels. Whatever a client may choose freely is none.

use crate::{
    close::CloseCode,
    topic::{Pattern, Routes},
    watch::{ConnectRefusal, JoinRefusal, Unheard},
};
use smol_str::SmolStr;

/// There is no such thing: a topic without a declared pattern, an event that no method takes.
pub(super) const NONE: &str = "-";
/// A method takes every event.
pub(super) const ANY: &str = "*";

/// A handler, as it is declared.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Route {
    pub(super) handler: &'static str,
    pub(super) pattern: &'static str,
    pub(super) event: SmolStr,
}

/// The pattern with this number.
pub(super) fn declared(routes: &Routes, number: u16) -> Option<&'static Pattern> {
    match routes {
        Routes::Undeclared | Routes::None(_) => None,
        Routes::Matching(matching) => matching.router.patterns().get(usize::from(number)),
        Routes::Several(several) => declared(several.taker().1, number),
    }
}

/// The pattern by which the topic is joined, as far as that can be told from its name.
pub(super) fn joinable(routes: &Routes) -> Option<&'static Pattern> {
    match routes {
        Routes::Undeclared | Routes::None(_) => None,
        Routes::Matching(matching) => matching.joinable(),
        Routes::Several(several) => joinable(several.taker().1),
    }
}

pub(super) fn connect(refusal: ConnectRefusal) -> &'static str {
    match refusal {
        ConnectRefusal::Handshake => "handshake",
        ConnectRefusal::Origin => "origin",
        ConnectRefusal::Subprotocol => "subprotocol",
        ConnectRefusal::Version => "version",
        ConnectRefusal::Params => "params",
        ConnectRefusal::Full => "max_connections",
        ConnectRefusal::Peer => "max_connections_per_peer",
        ConnectRefusal::Sessions => "max_polling_sessions_per_peer",
        ConnectRefusal::Rate => "connect_rate",
        ConnectRefusal::Handler => "handler",
        ConnectRefusal::Panicked => "panicked",
        ConnectRefusal::TimedOut => "timed_out",
        ConnectRefusal::ShuttingDown => "shutting_down",
    }
}

pub(super) fn join(refusal: JoinRefusal) -> &'static str {
    match refusal {
        JoinRefusal::Unmatched => "unmatched",
        JoinRefusal::Params => "params",
        JoinRefusal::Handler => "handler",
        JoinRefusal::TooMany => "max_topics",
        JoinRefusal::Panicked => "panicked",
        JoinRefusal::TimedOut => "timed_out",
    }
}

pub(super) fn unheard(unheard: Unheard) -> &'static str {
    match unheard {
        Unheard::NameTooLong => "max_name_length",
        Unheard::RateLimited => "rate_limited",
        Unheard::Unjoined => "not_joined",
    }
}

/// Why a connection has ended.
pub(super) fn closed(code: Option<CloseCode>) -> &'static str {
    match code {
        None => "client",
        Some(CloseCode::StayAway) => "stay_away",
        Some(CloseCode::Disconnected) => "disconnected",
        Some(CloseCode::Idle) => "idle",
        Some(CloseCode::Protocol) => "protocol",
        Some(CloseCode::InvalidText) => "invalid_text",
        Some(CloseCode::ControlFlood) => "control_flood",
        Some(CloseCode::FragmentFlood) => "fragment_flood",
        Some(CloseCode::TooBig) => "too_big",
        Some(CloseCode::Malformed) => "malformed",
        Some(CloseCode::Crash) => "panicked",
        Some(CloseCode::Restart) => "restart",
        Some(CloseCode::Overflow) => "overflow",
        Some(CloseCode::Stalled) => "stalled",
    }
}
