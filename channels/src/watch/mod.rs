//! What somebody who watches the server is told: here it is said, and the features `metrics` and `tracing`
//! choose who hears it.
//!
//! Without both of them all that callers see of this has no size and does nothing, so that they need no
//! `cfg` and pay nothing.

#[cfg(not(any(feature = "metrics", feature = "tracing")))]
mod off;
#[cfg(any(feature = "metrics", feature = "tracing"))]
mod on;
#[cfg(feature = "tracing")]
mod payload_filter;
mod reason;

#[cfg(not(any(feature = "metrics", feature = "tracing")))]
use off as seam;
#[cfg(any(feature = "metrics", feature = "tracing"))]
use on as seam;

#[cfg(feature = "tracing")]
pub use payload_filter::PayloadFilter;
pub(crate) use reason::{ConnectRefusal, JoinRefusal, Unheard};
pub(crate) use seam::{Call, Connection, Hub, Joined, Payloads, Room, Spanned, Topic, tried};
