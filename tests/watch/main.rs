//! What somebody who watches the server learns: every metric, every span, by its name.

#![allow(
    clippy::unwrap_used,
    reason = "a test that panics has failed, which is what it is for"
)]

mod app;
mod connections;
mod events;
mod joins;
mod messages;
mod outcomes;
mod overflow;
mod payloads;
mod recorder;
mod routes;
mod sockets;
mod spans;
mod subscriber;
