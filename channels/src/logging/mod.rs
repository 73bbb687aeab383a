//! What clients may put into the log of a server: little of each thing, and not all the time.

mod quoted;
mod throttle;

pub(crate) use quoted::{Excerpt, Quoted};
pub(crate) use throttle::Throttle;

/// The lines that any client can cause as often as it likes, a throttle for each.
#[derive(Debug, Default)]
pub(crate) struct Throttles {
    /// A client was refused, because there are too many or it comes too often.
    pub(crate) refused: Throttle,
    /// A client was refused because of its origin.
    pub(crate) origins: Throttle,
    /// A client was refused because of its connect parameters.
    pub(crate) params: Throttle,
    /// A connection is closed, because its client is too slow.
    pub(crate) slow: Throttle,
    /// A task was not spawned.
    pub(crate) tasks: Throttle,
    /// Something does not fit what the client speaks.
    pub(crate) unsent: Throttle,
    /// A handler sends what the protocol has reserved, since a client may have told it to.
    pub(crate) reserved: Throttle,
    /// A handler sends to a topic that nobody can be on.
    pub(crate) astray: Throttle,
}
