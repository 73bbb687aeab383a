use crate::transport::Timer;
use futures_util::future::BoxFuture;
use std::{
    future::poll_fn,
    mem,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Poll, Waker},
    time::{Duration, Instant},
};

/// A clock that stands still until it is told to go on.
#[derive(Debug)]
pub(super) struct TestTimer {
    start: Instant,
    inner: Arc<Mutex<Inner>>,
}

#[derive(Debug, Default)]
struct Inner {
    elapsed: Duration,
    waiting: Vec<Waker>,
}

impl TestTimer {
    pub(super) fn new() -> Self {
        Self {
            start: Instant::now(),
            inner: Arc::default(),
        }
    }

    pub(super) fn advance(&self, duration: Duration) {
        let mut inner = lock(&self.inner);
        inner.elapsed += duration;
        let waiting = mem::take(&mut inner.waiting);
        drop(inner);
        for waker in waiting {
            waker.wake();
        }
    }
}

impl Timer for TestTimer {
    fn now(&self) -> Instant {
        self.start + lock(&self.inner).elapsed
    }

    fn delay(&self, duration: Duration) -> BoxFuture<'static, ()> {
        let inner = Arc::clone(&self.inner);
        let deadline = lock(&inner).elapsed + duration;
        let is_due = poll_fn(move |cx| {
            let mut inner = lock(&inner);
            if inner.elapsed >= deadline {
                return Poll::Ready(());
            }
            if !inner
                .waiting
                .iter()
                .any(|waker| waker.will_wake(cx.waker()))
            {
                inner.waiting.push(cx.waker().clone());
            }
            Poll::Pending
        });
        #[expect(
            clippy::redundant_async_block,
            reason = "it panics when it is polled once more, as the timers of servers do"
        )]
        let once = async { is_due.await };
        Box::pin(once)
    }
}

fn lock(inner: &Mutex<Inner>) -> MutexGuard<'_, Inner> {
    inner.lock().unwrap_or_else(PoisonError::into_inner)
}
