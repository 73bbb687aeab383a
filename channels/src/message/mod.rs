//! What clients and handlers say to each other.

pub(crate) mod binary;
pub(crate) mod bytes;
pub(crate) mod error;
pub(crate) mod event;
pub(crate) mod payload;
pub(crate) mod reference;
