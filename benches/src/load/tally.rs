//! What has come of what was sent.

use std::time::{Duration, Instant};

#[derive(Debug, Default)]
pub(crate) struct Tally {
    /// Messages or requests that are waited for.
    pub(super) under_way: u32,
    pub(crate) expected: u64,
    pub(crate) delivered: u64,
    /// Deliveries that came twice, or behind what was published later.
    pub(crate) disordered: u64,
    /// From the publishing of a message to its last delivery, or from a request to its answer.
    times: Vec<Duration>,
    pub(crate) elapsed: Duration,
}

impl Tally {
    pub(super) fn begin(&mut self, deliveries: u32) {
        self.under_way += 1;
        self.expected += u64::from(deliveries);
    }

    pub(super) fn deliver(&mut self, in_order: bool) {
        self.delivered += 1;
        self.disordered += u64::from(!in_order);
    }

    pub(super) fn complete(&mut self, begun: Instant) {
        self.under_way -= 1;
        self.times.push(begun.elapsed());
    }

    pub(crate) fn lost(&self) -> u64 {
        self.expected.saturating_sub(self.delivered)
    }

    /// The time that so many of a hundred needed at most.
    pub(crate) fn quantile(&mut self, percent: usize) -> Duration {
        self.times.sort_unstable();
        let index = (self.times.len() * percent).div_ceil(100).saturating_sub(1);
        self.times.get(index).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles() {
        let times = (1..=200).rev().map(Duration::from_millis).collect();
        let mut tally = Tally {
            times,
            ..Tally::default()
        };
        assert_eq!(tally.quantile(50), Duration::from_millis(100));
        assert_eq!(tally.quantile(99), Duration::from_millis(198));
        assert_eq!(Tally::default().quantile(99), Duration::ZERO);
    }

    #[test]
    fn what_does_not_come_is_lost() {
        let mut tally = Tally::default();
        tally.begin(3);
        tally.deliver(true);
        tally.deliver(false);
        assert_eq!((tally.lost(), tally.disordered), (1, 1));
    }
}
