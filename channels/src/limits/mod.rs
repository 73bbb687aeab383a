//! How much clients may ask for.

mod rate;
mod visitors;

pub use rate::Rate;
pub(crate) use rate::{Bucket, Limited};
pub(crate) use visitors::{Ticket, Visitors};
