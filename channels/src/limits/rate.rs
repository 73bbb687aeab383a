use serde::Serialize;
use std::time::{Duration, Instant};

/// How often something may happen: so many times in a second or a minute, and as many at once.
///
/// ```
/// use phx_channels::{Config, Rate};
///
/// // Ten at once, and then one every 100 ms.
/// let config = Config::new().event_rate(Rate::per_second(10));
/// // Thirty at once, and then one every 100 ms.
/// let config = config.event_rate(Rate::per_second(10).burst(30));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    interval: Duration,
    burst: u32,
}

impl Rate {
    /// So many times a second, at least once.
    pub const fn per_second(times: u32) -> Self {
        Self::new(1_000_000_000, times)
    }

    /// So many times a minute, at least once.
    pub const fn per_minute(times: u32) -> Self {
        Self::new(60_000_000_000, times)
    }

    const fn new(nanos: u64, times: u32) -> Self {
        let times = if times == 0 { 1 } else { times };
        Self {
            interval: Duration::from_nanos(nanos / times as u64),
            burst: times,
        }
    }

    /// The same with this many at once, at least one, where nothing has happened for a while.
    #[must_use]
    pub const fn burst(self, times: u32) -> Self {
        let burst = if times == 0 { 1 } else { times };
        Self { burst, ..self }
    }
}

/// What is left of a rate: a token bucket, known by the time at which it is full again.
#[derive(Debug, Default)]
pub(crate) struct Bucket {
    full: Option<Instant>,
}

/// It is too early. The reply to who asks all the same.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Limited {
    reason: &'static str,
    retry_after_ms: u64,
}

impl Bucket {
    /// Whether nothing of it has been taken lately.
    pub(super) fn is_full(&self, now: Instant) -> bool {
        self.full.is_none_or(|full| full <= now)
    }

    /// Takes a token.
    ///
    /// # Errors
    ///
    /// When there will be one, if there is none now.
    pub(crate) fn take(&mut self, rate: Rate, now: Instant) -> Result<(), Limited> {
        let full = self.full.map_or(now, |full| full.max(now)) + rate.interval;
        let missing = full.saturating_duration_since(now);
        match missing.checked_sub(rate.interval.saturating_mul(rate.burst)) {
            None | Some(Duration::ZERO) => {
                self.full = Some(full);
                Ok(())
            }
            Some(wait) => Err(Limited::new(wait)),
        }
    }
}

impl Limited {
    fn new(wait: Duration) -> Self {
        let millis = wait.as_nanos().div_ceil(1_000_000);
        Self {
            reason: "rate_limited",
            retry_after_ms: millis.try_into().unwrap_or(u64::MAX),
        }
    }

    /// Until one of this rate would be due.
    pub(super) fn for_one(rate: Rate) -> Self {
        Self::new(rate.interval)
    }

    /// Seconds to wait at the least, as HTTP says it.
    pub(crate) fn retry_after(&self) -> String {
        self.retry_after_ms.div_ceil(1000).to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn millis(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    #[test]
    fn a_burst_and_then_one_at_a_time() {
        let (mut bucket, rate, start) = (Bucket::default(), Rate::per_second(4), Instant::now());
        for _ in 0..4 {
            assert_eq!(bucket.take(rate, start), Ok(()));
        }
        assert_eq!(bucket.take(rate, start), Err(Limited::new(millis(250))));
        let early = start + millis(249);
        assert_eq!(bucket.take(rate, early), Err(Limited::new(millis(1))));
        assert_eq!(bucket.take(rate, start + millis(250)), Ok(()));
        assert_eq!(
            bucket.take(rate, start + millis(250)),
            Err(Limited::new(millis(250)))
        );
    }

    #[test]
    fn what_is_not_used_is_not_kept_for_ever() {
        let (mut bucket, start) = (Bucket::default(), Instant::now());
        let rate = Rate::per_minute(60).burst(2);
        let later = start + Duration::from_hours(1);
        for now in [start, later] {
            assert_eq!(bucket.take(rate, now), Ok(()));
            assert_eq!(bucket.take(rate, now), Ok(()));
            assert_eq!(bucket.take(rate, now), Err(Limited::new(millis(1000))));
        }
    }

    #[test]
    fn none_at_all_is_one() {
        let (mut bucket, now) = (Bucket::default(), Instant::now());
        let rate = Rate::per_minute(0).burst(0);
        assert_eq!(bucket.take(rate, now), Ok(()));
        assert_eq!(bucket.take(rate, now), Err(Limited::new(millis(60_000))));
    }
}
