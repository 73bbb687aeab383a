use crate::transport::Timer;
use futures_util::future::BoxFuture;
use std::{
    mem,
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
    /// Something has come since the last look.
    touched: bool,
    check: BoxFuture<'static, ()>,
    /// When the check is due; never, if that is beyond what the clock can say.
    due: Option<Instant>,
    /// The check has been polled, so that it wakes the task when it is due.
    armed: bool,
}

impl Idle {
    pub(super) fn new(timer: Arc<dyn Timer>, timeout: Duration) -> Self {
        let last = timer.now();
        Self {
            last,
            touched: false,
            check: timer.delay(timeout),
            due: last.checked_add(timeout),
            timer,
            timeout,
            armed: false,
        }
    }

    /// Something came from the client.
    pub(super) fn touch(&mut self) {
        self.last = self.timer.now();
        self.touched = true;
    }

    /// Ready when nothing has come for the whole timeout.
    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        // Timers cost something to look at, and it is mostly a frame that woke the task.
        let is_early = self.armed && self.due.is_none_or(|due| self.last < due);
        if mem::take(&mut self.touched) && is_early {
            return Poll::Pending;
        }
        self.armed = true;
        while self.check.as_mut().poll(cx).is_ready() {
            let now = self.timer.now();
            let silent = now.saturating_duration_since(self.last);
            let left = self.timeout.saturating_sub(silent);
            if left.is_zero() {
                self.wait(now, self.timeout);
                self.armed = false;
                return Poll::Ready(());
            }
            self.wait(now, left);
        }
        Poll::Pending
    }

    fn wait(&mut self, now: Instant, duration: Duration) {
        self.check = self.timer.delay(duration);
        self.due = now.checked_add(duration);
    }
}
