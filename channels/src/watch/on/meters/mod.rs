//! The metrics. What happens often is counted with handles that are made once.

mod names;
mod room;
mod sending;

pub(crate) use room::{Joined, Room};
pub(crate) use sending::Sending;

use super::labels::{NONE, Route};
use crate::hub;
use foldhash::fast::RandomState;
use metrics::{Counter, Gauge, Histogram, counter, gauge, histogram};
use std::{
    collections::HashMap,
    sync::{Arc, OnceLock, PoisonError, RwLock},
    time::Duration,
};

/// Whether it matters how long a handler takes.
pub(super) const TIMED: bool = true;

/// The metrics of a channel. Its handles are made when the first client comes, by which time the
/// application has installed its recorder: those that are made before count for nobody.
#[derive(Default)]
pub(super) struct Meters(OnceLock<Handles>);

struct Handles {
    connections: Gauge,
    opened: Counter,
    received: Counter,
    received_bytes: Counter,
    sent: Counter,
    sent_bytes: Counter,
    /// As many as are declared.
    routes: RwLock<HashMap<Route, RouteHandles, RandomState>>,
}

struct RouteHandles {
    seconds: Histogram,
    /// Of its events, those that went well: most.
    ok: OnceLock<Counter>,
}

impl Meters {
    fn handles(&self) -> &Handles {
        self.0.get_or_init(Handles::new)
    }

    /// Counts what is rare. It may be the first of all, so that the metrics are to be described.
    fn count(&self, counter: &Counter) {
        self.handles();
        counter.increment(1);
    }

    pub(super) fn connect_refused(&self, reason: &'static str) {
        self.count(&counter!(names::CONNECTS_REFUSED, "reason" => reason));
    }

    pub(super) fn opened(&self) {
        let handles = self.handles();
        handles.connections.increment(1);
        handles.opened.increment(1);
    }

    pub(super) fn closed(&self, reason: &'static str) {
        self.handles().connections.decrement(1);
        self.count(&counter!(names::CLOSED, "reason" => reason));
    }

    pub(super) fn received(&self, bytes: usize) {
        let handles = self.handles();
        handles.received.increment(1);
        handles.received_bytes.increment(bytes as u64);
    }

    pub(super) fn malformed(&self) {
        self.count(&counter!(names::MALFORMED));
    }

    pub(super) fn sending<I>(&self, frames: I) -> Sending<'_, I> {
        let handles = self.handles();
        Sending::new(frames, &handles.sent, &handles.sent_bytes)
    }

    pub(super) fn join_refused(&self, pattern: &'static str, reason: &'static str) {
        self.count(&counter!(names::JOINS_REFUSED, "pattern" => pattern, "reason" => reason));
    }

    pub(super) fn event_refused(&self, reason: &'static str) {
        self.count(&counter!(names::EVENTS_REFUSED, "reason" => reason));
    }

    pub(super) fn overflowed(&self, room: impl FnOnce() -> Option<Arc<hub::Room>>) {
        let pattern = room().map_or(NONE, |room| room.watch.pattern());
        self.count(&counter!(names::OVERFLOW_CLOSES, "pattern" => pattern));
    }

    /// A handler has run for so long; not at all, if it was cut off before.
    pub(super) fn handled(&self, route: &Route, outcome: &'static str, took: Option<Duration>) {
        let routes = &self.handles().routes;
        let known = routes.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(handles) = known.get(route) {
            return handles.handled(route, outcome, took);
        }
        drop(known);
        let mut routes = routes.write().unwrap_or_else(PoisonError::into_inner);
        let handles = routes
            .entry(route.clone())
            .or_insert_with(|| RouteHandles::new(route));
        handles.handled(route, outcome, took);
    }
}

impl Handles {
    fn new() -> Self {
        names::describe();
        Self {
            connections: gauge!(names::CONNECTIONS),
            opened: counter!(names::OPENED),
            received: counter!(names::RECEIVED),
            received_bytes: counter!(names::RECEIVED_BYTES),
            sent: counter!(names::SENT),
            sent_bytes: counter!(names::SENT_BYTES),
            routes: RwLock::default(),
        }
    }
}

impl RouteHandles {
    fn new(route: &Route) -> Self {
        let seconds = histogram!(
            names::HANDLER_SECONDS,
            "handler" => route.handler,
            "pattern" => route.pattern,
            "event" => route.event.to_string(),
        );
        Self {
            seconds,
            ok: OnceLock::new(),
        }
    }

    fn handled(&self, route: &Route, outcome: &'static str, took: Option<Duration>) {
        if let Some(took) = took {
            self.seconds.record(took);
        }
        match (route.handler, outcome) {
            ("on", "ok") => self.ok.get_or_init(|| events(route, outcome)).increment(1),
            ("on", _) => events(route, outcome).increment(1),
            _ => {}
        }
    }
}

/// The events of a route that ended so.
fn events(route: &Route, outcome: &'static str) -> Counter {
    counter!(
        names::EVENTS,
        "pattern" => route.pattern,
        "event" => route.event.to_string(),
        "outcome" => outcome,
    )
}
