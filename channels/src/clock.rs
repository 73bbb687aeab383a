//! The clock of a connection, which the server gives it, or a test.

use futures_util::future::BoxFuture;
use std::{
    fmt,
    time::{Duration, Instant},
};

/// The runtime that a connection lives on: its clock, and tasks besides the connection's own.
pub(crate) trait Timer: fmt::Debug + Send + Sync + 'static {
    fn now(&self) -> Instant;

    fn delay(&self, duration: Duration) -> BoxFuture<'static, ()>;

    /// Runs a task to its end. Can be called from any thread.
    fn spawn(&self, task: BoxFuture<'static, ()>);
}
