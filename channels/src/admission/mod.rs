//! What a request must be like before a client is let in: where it comes from, and what it shows. Knows nothing of
//! connections.

pub(crate) mod origin;
pub(crate) mod params;
pub(crate) mod subprotocol;

/// What a client connects with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Via {
    WebSocket,
    LongPoll,
}
