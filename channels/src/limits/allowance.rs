use super::{Bucket, Limited, Rate};
use crate::sync::Mutex;
use std::{collections::HashMap, sync::Arc, time::Instant};

/// Methods of topics whose rates one client may have used up at a time. It has to use them by joining the topics, so
/// it takes an attacker to reach it.
const MAX_METHODS: usize = 1024;

/// What is left of the rates of one client. It outlives joined topics, and connections where it is shared by them.
#[derive(Debug, Default)]
pub(crate) struct Allowance(Mutex<Buckets>);

#[derive(Debug, Default)]
struct Buckets {
    connects: Bucket,
    joins: Bucket,
    events: Bucket,
    /// By topic and number, those of methods.
    methods: HashMap<(Arc<str>, usize), Bucket>,
}

impl Allowance {
    /// Whether a connect comes too early.
    ///
    /// # Errors
    ///
    /// When it would not.
    pub(crate) fn take_connect(&self, rate: Rate, now: Instant) -> Result<(), Limited> {
        self.0.lock().connects.take(rate, now)
    }

    /// Whether a join comes too early.
    ///
    /// # Errors
    ///
    /// When it would not.
    pub(crate) fn take_join(&self, rate: Rate, now: Instant) -> Result<(), Limited> {
        self.0.lock().joins.take(rate, now)
    }

    /// Whether an event comes too early, whatever it is.
    ///
    /// # Errors
    ///
    /// When it would not.
    pub(crate) fn take_event(&self, rate: Rate, now: Instant) -> Result<(), Limited> {
        self.0.lock().events.take(rate, now)
    }

    /// Whether an event comes too early for its method, which has this number among those of the topic.
    ///
    /// # Errors
    ///
    /// When it would not.
    pub(crate) fn take_method(
        &self,
        topic: &Arc<str>,
        number: usize,
        rate: Rate,
        now: Instant,
    ) -> Result<(), Limited> {
        let methods = &mut self.0.lock().methods;
        if methods.len() >= MAX_METHODS {
            methods.retain(|_, bucket| !bucket.is_full(now));
        }
        let key = (Arc::clone(topic), number);
        if methods.len() >= MAX_METHODS && !methods.contains_key(&key) {
            return Err(Limited::for_one(rate));
        }
        methods.entry(key).or_default().take(rate, now)
    }

    /// Whether nothing of it has been used lately, so that a new one is as good.
    pub(super) fn is_full(&self, now: Instant) -> bool {
        let Buckets {
            connects,
            joins,
            events,
            methods,
        } = &*self.0.lock();
        let of_methods = methods.values();
        let mut all = [connects, joins, events].into_iter().chain(of_methods);
        all.all(|bucket| bucket.is_full(now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn topics_made_up_to_begin_anew_have_a_bound() {
        let (allowance, start) = (Allowance::default(), Instant::now());
        let rate = Rate::per_minute(1);
        let take = |topic: usize, now| {
            let topic = Arc::from(format!("rooms:{topic}"));
            allowance.take_method(&topic, 0, rate, now)
        };
        let taken = (0..10 * MAX_METHODS).filter(|topic| take(*topic, start).is_ok());
        assert_eq!(taken.count(), MAX_METHODS);
        assert!(!allowance.is_full(start));
        let later = start + Duration::from_mins(1);
        assert!(allowance.is_full(later));
        assert_eq!(take(0, later), Ok(()));
        assert_eq!(allowance.0.lock().methods.len(), 1);
    }
}
