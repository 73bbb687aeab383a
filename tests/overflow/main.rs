//! What becomes of clients that do not keep up: the policies, and who is told.

#![allow(
    clippy::unwrap_used,
    reason = "a test that panics has failed, which is what it is for"
)]

mod app;
mod by_event;
mod by_hand;
mod intercept;
mod kept;
mod policies;
mod stats;
mod told;
