use super::alarm::Alarm;
use std::time::{Duration, Instant};

/// Bytes that a client takes when it takes something at all. A trickle keeps no connection.
const PROGRESS: usize = 64 * 1024;

/// By when a client has to have taken something of what is written to it: all of it, or as much as counts.
#[derive(Debug, Default)]
pub(super) struct Stall {
    /// None while there is nothing to take, or if it is beyond what the clock can say.
    deadline: Option<Instant>,
    /// What it had not taken when that was set.
    unsent: usize,
}

impl Stall {
    /// The client has not taken so many bytes. It has this long for them, since it last took some.
    pub(super) fn expect_progress(&mut self, alarm: &mut Alarm, timeout: Duration, unsent: usize) {
        let is_progress = self.unsent.saturating_sub(unsent) >= PROGRESS;
        if self.deadline.is_none() || is_progress {
            self.deadline = alarm.expect(timeout);
            self.unsent = unsent;
        }
    }

    pub(super) fn deadline(&self) -> Option<Instant> {
        self.deadline
    }

    pub(super) fn is_overdue(&self, now: Instant) -> bool {
        self.deadline.is_some_and(|deadline| deadline <= now)
    }
}
