//! Control frames: those that a client sends, which are limited, and those that it is sent, to see whether it is there.

use crate::{config::Config, limits::Bucket};
use std::time::{Duration, Instant};

/// How often a client is asked for a sign of life while nothing is read from it: a socket that is not read does not tell
/// that its client is gone, and one that is written to does.
pub(super) const INTERVAL: Duration = Duration::from_secs(1);

/// Boxed, for most clients neither send any nor are sent any.
#[derive(Debug, Default)]
pub(super) struct Pings {
    received: Bucket,
    /// When the next may be sent.
    next: Option<Instant>,
}

impl Pings {
    /// Whether the client may send another control frame.
    pub(super) fn allow(&mut self, config: &Config, now: Instant) -> bool {
        self.received.take(config.control_rate, now).is_ok()
    }

    /// Whether it is time to send another.
    pub(super) fn is_due(&mut self, now: Instant) -> bool {
        let is_due = self.next.is_none_or(|next| next <= now);
        if is_due {
            self.next = now.checked_add(INTERVAL);
        }
        is_due
    }
}
