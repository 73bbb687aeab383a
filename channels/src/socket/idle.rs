use crate::transport::Timer;
use futures_util::future::BoxFuture;
use std::{
    sync::Arc,
    task::{Context, Poll},
    time::{Duration, Instant},
};

/// Notices that a client has been silent for too long. One timer serves the whole connection: it is
/// not reset by each frame but looks, when it fires, how long ago the last one came.
pub(super) struct Idle {
    timer: Arc<dyn Timer>,
    timeout: Duration,
    last: Instant,
    check: BoxFuture<'static, ()>,
}

impl Idle {
    pub(super) fn new(timer: Arc<dyn Timer>, timeout: Duration) -> Self {
        Self {
            last: timer.now(),
            check: timer.delay(timeout),
            timer,
            timeout,
        }
    }

    /// Something came from the client.
    pub(super) fn touch(&mut self) {
        self.last = self.timer.now();
    }

    /// Ready when nothing has come for the whole timeout.
    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        while self.check.as_mut().poll(cx).is_ready() {
            let silent = self.timer.now().saturating_duration_since(self.last);
            if silent >= self.timeout {
                self.check = self.timer.delay(self.timeout);
                return Poll::Ready(());
            }
            self.check = self.timer.delay(self.timeout.saturating_sub(silent));
        }
        Poll::Pending
    }
}
