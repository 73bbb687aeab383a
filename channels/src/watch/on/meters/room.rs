use super::{super::labels::NONE, names};
use crate::overflow::Overflow;
use metrics::{Counter, Gauge, counter, gauge};
use std::sync::OnceLock;

/// The metrics of one topic, which are those of its pattern: that by which the first member has joined.
#[derive(Default)]
pub(crate) struct Room(OnceLock<Handles>);

struct Handles {
    pattern: &'static str,
    joins: Counter,
    joined: Gauge,
    broadcasts: Counter,
    deliveries: Counter,
}

/// A joined topic, for as long as this is kept.
#[derive(Debug, Default)]
pub(crate) struct Joined(Option<Gauge>);

impl Room {
    /// Counts a member that has joined by this pattern.
    pub(crate) fn joined(&self, pattern: &'static str) -> Joined {
        let handles = self.0.get_or_init(|| Handles::new(pattern));
        handles.joins.increment(1);
        handles.joined.increment(1);
        Joined(Some(handles.joined.clone()))
    }

    pub(crate) fn pattern(&self) -> &'static str {
        self.0.get().map_or(NONE, |handles| handles.pattern)
    }

    /// Counts a broadcast to so many members.
    pub(crate) fn broadcast(&self, deliveries: usize) {
        match self.0.get() {
            Some(handles) => handles.broadcast(deliveries),
            // Nobody has joined, but some have subscribed.
            None => Handles::new(NONE).broadcast(deliveries),
        }
    }

    /// Counts a broadcast that a member does not get.
    pub(crate) fn dropped(&self, overflow: Overflow) {
        let policy = match overflow {
            Overflow::Disconnect => "disconnect",
            Overflow::DropOldest => "drop_oldest",
            Overflow::DropNewest => "drop_newest",
            Overflow::Latest => "latest",
        };
        let pattern = self.pattern();
        counter!(names::DROPPED, "policy" => policy, "pattern" => pattern).increment(1);
    }
}

impl Handles {
    fn new(pattern: &'static str) -> Self {
        Self {
            pattern,
            joins: counter!(names::JOINS, "pattern" => pattern),
            joined: gauge!(names::JOINED_TOPICS, "pattern" => pattern),
            broadcasts: counter!(names::BROADCASTS, "pattern" => pattern),
            deliveries: counter!(names::DELIVERIES, "pattern" => pattern),
        }
    }

    fn broadcast(&self, deliveries: usize) {
        self.broadcasts.increment(1);
        self.deliveries.increment(deliveries as u64);
    }
}

impl Drop for Joined {
    fn drop(&mut self) {
        if let Some(joined) = &self.0 {
            joined.decrement(1);
        }
    }
}
