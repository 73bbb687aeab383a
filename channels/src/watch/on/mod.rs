//! Somebody watches: by `metrics`, by `tracing`, or by both.

mod call;
mod connection;
mod hub;
mod labels;
#[cfg(feature = "metrics")]
mod meters;
#[cfg(not(feature = "metrics"))]
mod no_meters;
#[cfg(not(feature = "tracing"))]
mod no_spans;
#[cfg(feature = "tracing")]
mod spans;
mod topic;

#[cfg(not(feature = "metrics"))]
use no_meters as meters;
#[cfg(not(feature = "tracing"))]
use no_spans as spans;

pub(crate) use call::Call;
pub(crate) use connection::Connection;
pub(crate) use hub::Hub;
pub(crate) use meters::{Joined, Room};
pub(crate) use spans::{Payloads, Spanned};
pub(crate) use topic::{Topic, tried};
