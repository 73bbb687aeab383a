//! How much clients may ask for.

mod allowance;
mod clients;
mod peer;
mod queue;
mod rate;
mod visitors;

pub(crate) use allowance::Allowance;
pub(crate) use clients::Clients;
pub use clients::RateBy;
pub(crate) use queue::QueueLimits;
pub use rate::Rate;
pub(crate) use rate::{Bucket, Limited};
pub(crate) use visitors::{Ticket, Visitors};
