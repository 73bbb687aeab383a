use crate::{clock::Timer, sync::Mutex};
use async_executor::Executor;
use futures_util::future::BoxFuture;
use std::{
    collections::BTreeMap,
    mem,
    pin::Pin,
    sync::{Arc, Weak},
    task::{Context, Poll, Waker},
    time::{Duration, Instant},
};

/// A clock that stands still until it is told to go on.
#[derive(Debug)]
pub(super) struct TestTimer {
    start: Instant,
    inner: Arc<Mutex<Inner>>,
    /// Weak, since what it runs holds the timer.
    executor: Weak<Executor<'static>>,
}

#[derive(Debug, Default)]
struct Inner {
    elapsed: Duration,
    /// By when they are due, and by the order in which they were made.
    waiting: BTreeMap<(Duration, u64), Waker>,
    delays: u64,
}

struct Delay {
    inner: Arc<Mutex<Inner>>,
    due: (Duration, u64),
}

impl TestTimer {
    pub(super) fn new(executor: &Arc<Executor<'static>>) -> Self {
        Self {
            start: Instant::now(),
            inner: Arc::default(),
            executor: Arc::downgrade(executor),
        }
    }

    /// How far the clock has gone.
    pub(super) fn elapsed(&self) -> Duration {
        self.inner.lock().elapsed
    }

    /// Goes on to the next time at which something is due, and wakes it. If nothing is due up to `until`,
    /// goes there; whether something was.
    pub(super) fn step(&self, until: Duration) -> bool {
        let mut inner = self.inner.lock();
        let next = inner.waiting.first_entry();
        let Some(next) = next.filter(|next| next.key().0 <= until) else {
            inner.elapsed = until;
            return false;
        };
        let ((due, _), waker) = next.remove_entry();
        inner.elapsed = inner.elapsed.max(due);
        drop(inner);
        waker.wake();
        true
    }

    /// Goes on at once, and wakes all that waits.
    pub(super) fn jump(&self, until: Duration) {
        let mut inner = self.inner.lock();
        inner.elapsed = until;
        let waiting = mem::take(&mut inner.waiting);
        drop(inner);
        waiting.into_values().for_each(Waker::wake);
    }
}

impl Timer for TestTimer {
    fn now(&self) -> Instant {
        self.start + self.inner.lock().elapsed
    }

    fn delay(&self, duration: Duration) -> BoxFuture<'static, ()> {
        let mut inner = self.inner.lock();
        inner.delays += 1;
        let due = (inner.elapsed.saturating_add(duration), inner.delays);
        drop(inner);
        let inner = Arc::clone(&self.inner);
        let delay = Delay { inner, due };
        #[expect(
            clippy::redundant_async_block,
            reason = "it panics when it is polled once more, as the timers of servers do"
        )]
        let once = async move { delay.await };
        Box::pin(once)
    }

    fn spawn(&self, task: BoxFuture<'static, ()>) {
        if let Some(executor) = self.executor.upgrade() {
            executor.spawn(task).detach();
        }
    }
}

impl Future for Delay {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let mut inner = self.inner.lock();
        if inner.elapsed >= self.due.0 {
            return Poll::Ready(());
        }
        inner.waiting.insert(self.due, cx.waker().clone());
        Poll::Pending
    }
}

impl Drop for Delay {
    fn drop(&mut self) {
        self.inner.lock().waiting.remove(&self.due);
    }
}
