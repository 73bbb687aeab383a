use super::{
    labels::{self, ANY, NONE, Route},
    spans,
};
use crate::{
    conn::ChannelConn,
    reply::Reply,
    socket::{self, JoinedTopic, Running},
    topic::Routes,
    watch::JoinRefusal,
};
use smol_str::SmolStr;
use std::sync::{
    OnceLock,
    atomic::{AtomicBool, AtomicU8, AtomicU32, Ordering::Relaxed},
};

/// What is noted of the calls of a joined topic, one after the other.
#[derive(Debug, Default)]
pub(crate) struct Topic {
    /// The route that was tried last, which is the one that was taken: [`Tried`].
    route: AtomicU32,
    /// How the call under way has failed, a [`Failure`].
    failure: AtomicU8,
    /// A handler is called for the join.
    has_call: AtomicBool,
    joined_by: OnceLock<&'static str>,
    /// Why it is not joined.
    refusal: OnceLock<&'static str>,
}

/// What has gone wrong in a call that may return all the same.
#[derive(Clone, Copy)]
#[repr(u8)]
enum Failure {
    Nothing,
    /// The client was answered with an error.
    Error,
    Unmatched,
    Limited,
    TimedOut,
}

/// A route is noted as the number of its pattern and one, and this if it is for one event alone.
const EXACT: u32 = 1 << 31;

impl Topic {
    /// The join is accepted, by this pattern.
    pub(crate) fn accepted(&self, routes: &Routes) -> &'static str {
        let pattern = self.pattern(routes);
        self.joined_by.get_or_init(|| pattern)
    }

    /// The pattern of the method that was tried last, or else the one that the topic is joined by.
    fn pattern(&self, routes: &Routes) -> &'static str {
        let declared = |(number, _)| labels::declared(routes, number);
        if let Some(taken) = self.tried().and_then(declared) {
            return taken.text;
        }
        match self.joined_by.get() {
            Some(pattern) => pattern,
            None => labels::joinable(routes).map_or(NONE, |pattern| pattern.text),
        }
    }

    /// The join is refused.
    pub(crate) fn refused(
        &self,
        connection: &socket::Connection,
        joined: &JoinedTopic,
        why: JoinRefusal,
    ) {
        let reason = self.refusal.get_or_init(|| labels::join(why));
        let pattern = self.pattern(&joined.routes);
        connection.watch().meters.join_refused(pattern, reason);
        if !self.has_call.load(Relaxed) {
            spans::refused_join(Some(&joined.topic), pattern, reason);
        }
    }

    /// The join is about to be refused because there is no room, and its handler is not called.
    pub(crate) fn no_room(&self) {
        self.refuse_as(labels::join(JoinRefusal::TooMany));
    }

    /// Why the join is refused, unless that is known already.
    pub(super) fn refuse_as(&self, reason: &'static str) -> &'static str {
        self.refusal.get_or_init(|| reason)
    }

    pub(super) fn refusal(&self) -> Option<&'static str> {
        self.refusal.get().copied()
    }

    /// The handler has answered its client.
    pub(crate) fn answered(&self, reply: &Reply) {
        if !reply.is_ok() {
            self.fail(Failure::Error);
        }
    }

    /// The event has come too often for its method.
    pub(crate) fn limited(&self) {
        self.fail(Failure::Limited);
    }

    /// No method takes the event.
    pub(crate) fn unmatched(&self) {
        self.fail(Failure::Unmatched);
    }

    /// The call is cut off because it takes too long.
    pub(crate) fn timed_out(&self) {
        self.fail(Failure::TimedOut);
    }

    fn fail(&self, failure: Failure) {
        self.failure.store(failure as u8, Relaxed);
    }

    /// What has gone wrong in the call, if something has.
    pub(super) fn failure(&self) -> Option<&'static str> {
        let failure = self.failure.load(Relaxed);
        [
            (Failure::Error, "error"),
            (Failure::Unmatched, "unmatched"),
            (Failure::Limited, "rate_limited"),
            (Failure::TimedOut, "timed_out"),
        ]
        .into_iter()
        .find_map(|(one, label)| (one as u8 == failure).then_some(label))
    }

    /// A handler is to be called. No other call of the topic is under way.
    pub(super) fn begin(&self, running: Running) {
        if running == Running::Join {
            self.has_call.store(true, Relaxed);
        }
        self.route.store(0, Relaxed);
        self.fail(Failure::Nothing);
    }

    /// What the call that ends was for, as it is declared.
    pub(super) fn route(&self, routes: &Routes, handler: &'static str, event: &SmolStr) -> Route {
        let tried = self.tried();
        let pattern = self.pattern(routes);
        let event = match (handler, tried) {
            ("join" | "leave" | "info", _) => NONE.into(),
            ("intercept", _) | (_, Some((_, true))) => event.clone(),
            (_, Some((_, false))) => ANY.into(),
            // A handler without patterns takes what comes; of others none has.
            (_, None) if pattern == NONE => ANY.into(),
            (_, None) => NONE.into(),
        };
        Route {
            handler,
            pattern,
            event,
        }
    }

    /// The number of the pattern that was tried last, and whether for one event alone.
    fn tried(&self) -> Option<(u16, bool)> {
        let noted = self.route.load(Relaxed);
        let number = u16::try_from((noted & !EXACT).checked_sub(1)?).ok()?;
        Some((number, noted & EXACT != 0))
    }

    fn try_next(&self, next: Option<(u16, bool)>) {
        let noted = next.map_or(0, |(number, exact)| {
            (u32::from(number) + 1) | if exact { EXACT } else { 0 }
        });
        self.route.store(noted, Relaxed);
    }
}

/// Notes which of the routes is taken: an expansion goes through them, and stops where it calls a
/// method.
pub(crate) fn tried<I: Iterator>(
    conn: ChannelConn<'_>,
    routes: I,
    route: impl Fn(&I::Item) -> (u16, bool),
) -> impl Iterator<Item = I::Item> {
    Tried {
        topic: conn.joined().map(|(_, joined)| &joined.watch),
        routes,
        route,
    }
}

struct Tried<'a, I, F> {
    topic: Option<&'a Topic>,
    routes: I,
    route: F,
}

impl<I: Iterator, F: Fn(&I::Item) -> (u16, bool)> Iterator for Tried<'_, I, F> {
    type Item = I::Item;

    fn next(&mut self) -> Option<I::Item> {
        let next = self.routes.next();
        if let Some(topic) = self.topic {
            topic.try_next(next.as_ref().map(&self.route));
        }
        next
    }
}
