//! The cases of the wire protocol, each test named after the case that it shows.
//!
//! They run over the in-memory transport; `../sockets` shows the same server over real ones.

#![allow(
    clippy::unwrap_used,
    reason = "a test that panics has failed, which is what it is for"
)]

mod app;
mod bad_input;
mod binary;
mod budget;
mod closes;
mod connections;
mod ends;
mod handshake;
mod heartbeat;
mod join;
mod leave;
mod limits;
mod order;
mod origins;
mod push;
mod rates;
mod references;
mod server_push;
mod shutdown;
mod timeouts;
