//! What breaks, breaks alone: transports that fail at every point, user code that panics wherever it is
//! called, handlers that hang, clocks that jump. Nothing of a client is left afterwards, its handler is
//! told once, and the others notice nothing.

#![allow(
    clippy::unwrap_used,
    clippy::unused_async,
    clippy::unused_self,
    reason = "tests that panic have failed, and handlers all look the same"
)]

mod app;
mod clock;
mod panics;
mod stuck;
mod transport;
