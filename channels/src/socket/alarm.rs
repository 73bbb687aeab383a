use crate::clock::Timer;
use futures_util::future::BoxFuture;
use std::{
    mem,
    sync::Arc,
    task::{Context, Poll, ready},
    time::{Duration, Instant},
};

/// The one timer of a connection, for all that may take too long. It is not set anew for each frame or
/// call: whoever has a deadline sees to it that the alarm goes off by then, and looks again when it
/// does. In this order: last, what few turns look at.
#[repr(C)]
pub(super) struct Alarm {
    /// The check has been polled, so that it wakes the task when it is due.
    armed: bool,
    /// It has gone off, and was not set since. The check has ended, and may not be polled any more.
    gone_off: bool,
    /// The clock has been asked since the task was last woken from outside.
    fresh: bool,
    /// What the clock said when it was last asked.
    seen: Instant,
    /// When the check is due; never, if that is beyond what the clock can say.
    due: Option<Instant>,
    timer: Arc<dyn Timer>,
    check: BoxFuture<'static, ()>,
}

impl Alarm {
    pub(super) fn new(timer: Arc<dyn Timer>, after: Duration) -> Self {
        let seen = timer.now();
        Self {
            check: timer.delay(after),
            timer,
            due: seen.checked_add(after),
            armed: false,
            gone_off: false,
            seen,
            fresh: false,
        }
    }

    /// The task has been woken from outside, perhaps by the check: what the clock said before that is old.
    pub(super) fn stir(&mut self) {
        self.fresh = false;
    }

    /// What the clock said when it was last asked.
    pub(super) fn seen(&self) -> Instant {
        self.seen
    }

    pub(super) fn now(&mut self) -> Instant {
        self.seen = self.timer.now();
        self.fresh = true;
        self.seen
    }

    /// Something of its own to wait for, outside of the alarm.
    pub(super) fn delay(&self, duration: Duration) -> BoxFuture<'static, ()> {
        self.timer.delay(duration)
    }

    /// The time this far from now, at which the alarm goes off if not earlier; none, if that is beyond
    /// what the clock can say.
    pub(super) fn expect(&mut self, after: Duration) -> Option<Instant> {
        let now = self.now();
        let deadline = now.checked_add(after)?;
        if self.due.is_none_or(|due| deadline < due) {
            self.set(now, after);
        }
        Some(deadline)
    }

    /// Lets the alarm go off this far from now.
    pub(super) fn set(&mut self, now: Instant, after: Duration) {
        self.check = self.timer.delay(after);
        self.due = now.checked_add(after);
        self.armed = false;
        self.gone_off = false;
    }

    /// Whether the alarm wakes the task as it is.
    pub(super) fn is_armed(&self) -> bool {
        self.armed
    }

    /// Another task, or another waker of it, is to be woken from now on.
    pub(super) fn disarm(&mut self) {
        self.armed = false;
    }

    /// Ready when it is time to look at what is due, and from then on until it is set again.
    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Instant> {
        // Timers cost something to look at, and it is mostly something else that woke the task.
        let is_early = self.armed && self.due.is_none_or(|due| self.seen < due);
        if mem::take(&mut self.fresh) && is_early {
            return Poll::Pending;
        }
        if !self.gone_off {
            self.armed = true;
            ready!(self.check.as_mut().poll(cx));
            self.armed = false;
            self.gone_off = true;
        }
        Poll::Ready(self.now())
    }
}

#[cfg(all(test, not(model)))]
mod tests {
    use super::*;
    use futures_util::FutureExt;
    use std::{
        sync::atomic::{AtomicU64, Ordering::Relaxed},
        task::Waker,
    };

    /// A clock that goes on when it is told to.
    #[derive(Debug)]
    struct Clock {
        start: Instant,
        elapsed: Arc<AtomicU64>,
    }

    impl Timer for Clock {
        fn spawn(&self, _: BoxFuture<'static, ()>) {}

        fn now(&self) -> Instant {
            self.start + Duration::from_secs(self.elapsed.load(Relaxed))
        }

        fn delay(&self, duration: Duration) -> BoxFuture<'static, ()> {
            let elapsed = Arc::clone(&self.elapsed);
            let due = elapsed.load(Relaxed) + duration.as_secs();
            let is_due = std::future::poll_fn(move |_| {
                if elapsed.load(Relaxed) >= due {
                    Poll::Ready(())
                } else {
                    Poll::Pending
                }
            });
            #[expect(
                clippy::redundant_async_block,
                reason = "it panics when it is polled once more, as the timers of the runtimes do"
            )]
            let once = async { is_due.await };
            once.boxed()
        }
    }

    fn alarm(elapsed: &Arc<AtomicU64>) -> Alarm {
        let clock = Clock {
            start: Instant::now(),
            elapsed: Arc::clone(elapsed),
        };
        Alarm::new(Arc::new(clock), Duration::from_mins(1))
    }

    /// Who asks for the time between two wake-ups must not make the second one look early.
    #[test]
    fn a_look_at_the_clock_before_the_alarm_goes_off_does_not_hide_it() {
        let elapsed = Arc::new(AtomicU64::new(0));
        let mut alarm = alarm(&elapsed);
        let cx = &mut Context::from_waker(Waker::noop());
        alarm.stir();
        assert!(alarm.poll(cx).is_pending());
        // A frame is written meanwhile, which is nothing from outside.
        alarm.now();
        elapsed.store(60, Relaxed);
        alarm.stir();
        assert!(alarm.poll(cx).is_ready());
    }

    #[test]
    fn an_alarm_that_has_gone_off_is_ready_until_it_is_set() {
        let elapsed = Arc::new(AtomicU64::new(60));
        let mut alarm = alarm(&elapsed);
        let cx = &mut Context::from_waker(Waker::noop());
        elapsed.store(120, Relaxed);
        for _ in 0..2 {
            assert!(alarm.poll(cx).is_ready());
        }
        let now = alarm.now();
        alarm.set(now, Duration::from_mins(1));
        assert!(alarm.poll(cx).is_pending());
    }
}
