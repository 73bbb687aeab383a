//! What the HTTP requests of a session and its connection have in common.

use super::request::{Full, Waiting};
use crate::{
    admission::origin::opener::Opener,
    clock::Timer,
    config::Config,
    limits::Ticket,
    message::bytes::Utf8Bytes,
    socket::Connection,
    sync::{Mutex, MutexGuard},
};
use slab::Slab;
use std::{
    collections::VecDeque,
    sync::{Arc, Weak},
    task::Waker,
    time::{Duration, Instant},
};

/// How long the first request of a session may take to come: its client was only just answered.
const FIRST_REQUEST: Duration = Duration::from_secs(5);

#[derive(Debug)]
pub(super) struct Session {
    token: Arc<str>,
    pub(super) timer: Arc<dyn Timer>,
    pub(super) opener: Opener,
    patience: Patience,
    limits: Limits,
    /// Whose budget it is in.
    connection: Weak<Connection>,
    /// The session counts as a connection for as long as something of it is kept, be it an answer that
    /// its client does not read.
    _ticket: Arc<Ticket>,
    inner: Mutex<Inner>,
}

/// How many bytes may be kept.
#[derive(Debug)]
struct Limits {
    /// Of the whole connection.
    budget: usize,
    /// Of its requests, however much else is kept: a connection stops reading before that is missing.
    requests: usize,
}

/// How long a client may be silent.
#[derive(Debug)]
struct Patience {
    /// Between two polls.
    polls: Duration,
    /// Before its first request.
    first: Duration,
    /// While it is sent an answer.
    answer: Duration,
}

#[derive(Debug)]
pub(super) struct Inner {
    /// The requests under way, by their keys.
    pub(super) requests: Slab<Waiting>,
    /// Those with frames for the connection, in the order in which they came.
    pub(super) publishing: VecDeque<usize>,
    /// The latest poll, which gets the messages.
    pub(super) poll: Option<usize>,
    /// A poll has begun that the connection has not seen: a sign of life.
    pub(super) activity: bool,
    /// Bytes that the requests keep.
    pub(super) kept: usize,
    /// Bytes that the connection has counted for the session.
    counted: usize,
    /// Frames for the client, in order.
    pub(super) messages: VecDeque<Utf8Bytes>,
    /// Bytes of the messages, and of the answers that have not been sent yet.
    pub(super) waiting: usize,
    /// Answers that have not been sent yet.
    pub(super) unsent: usize,
    /// How many answers have taken messages.
    pub(super) answers: u64,
    /// The connection has ended; what is left may still be fetched.
    pub(super) ended: bool,
    /// Its client has asked for something.
    pub(super) used: bool,
    /// When the client was last seen.
    pub(super) seen: Instant,
    /// Wakes the connection, which may have other reasons not to look again by itself.
    pub(super) connection: Option<Waker>,
}

impl Session {
    /// A new session, which its client has not used yet.
    pub(super) fn new(
        token: Arc<str>,
        opener: Opener,
        timer: Arc<dyn Timer>,
        ticket: Arc<Ticket>,
        connection: Weak<Connection>,
        config: &Config,
    ) -> Self {
        let polls = config.long_poll_window * 3 / 2;
        let inner = Inner {
            requests: Slab::new(),
            publishing: VecDeque::new(),
            poll: None,
            activity: false,
            kept: 0,
            counted: 0,
            messages: VecDeque::new(),
            waiting: 0,
            unsent: 0,
            answers: 0,
            ended: false,
            used: false,
            seen: timer.now(),
            connection: None,
        };
        Self {
            token,
            timer,
            opener,
            patience: Patience {
                polls,
                first: polls.min(FIRST_REQUEST),
                answer: polls.max(config.write_timeout),
            },
            limits: Limits {
                budget: config.budget(),
                requests: 2 * config.max_message_size,
            },
            connection,
            _ticket: ticket,
            inner: Mutex::new(inner),
        }
    }

    pub(super) fn token(&self) -> &Arc<str> {
        &self.token
    }

    /// How long it may take from now until the session has to be looked at again; nothing if its client
    /// has been silent for too long.
    pub(super) fn patience(&self) -> Option<Duration> {
        let now = self.timer.now();
        let inner = self.lock();
        let patience = if inner.unsent > 0 {
            self.patience.answer
        } else if inner.used {
            self.patience.polls
        } else {
            self.patience.first
        };
        let is_polling = inner.requests.iter().any(|(_, request)| request.is_poll);
        let silence = now.saturating_duration_since(inner.seen);
        let left = patience.saturating_sub(silence);
        match (is_polling, left.is_zero()) {
            (true, _) => Some(self.patience.polls),
            (false, true) => None,
            (false, false) => Some(left),
        }
    }

    /// Keeps so many bytes more for a request, which notes it.
    ///
    /// # Errors
    ///
    /// If the requests and the rest of the connection keep too much already.
    pub(super) fn keep<T>(
        &self,
        bytes: usize,
        note: impl FnOnce(&mut Inner) -> T,
    ) -> Result<T, Full> {
        let connection = self.connection.upgrade();
        let kept = connection.map_or(0, |connection| connection.kept());
        let mut inner = self.lock();
        let requests = inner.kept.saturating_add(bytes);
        let others = kept.saturating_sub(inner.counted) + inner.waiting;
        if requests > self.limits.requests && requests.saturating_add(others) > self.limits.budget {
            return Err(Full);
        }
        inner.kept = requests;
        Ok(note(&mut inner))
    }

    /// How many bytes the connection has to count for the session. Not those that it leaves room for, or
    /// what it is to read would keep it from reading.
    pub(super) fn count(&self) -> usize {
        let mut inner = self.lock();
        let requests = inner.kept.saturating_sub(self.limits.requests);
        inner.counted = inner.waiting + requests;
        inner.counted
    }

    /// Ends the session: all who wait are told.
    pub(super) fn end(&self) {
        let mut inner = self.lock();
        inner.ended = true;
        let requests = inner.requests.iter_mut();
        let mut wakers: Vec<_> = requests.filter_map(|(_, it)| it.waker.take()).collect();
        wakers.extend(inner.connection.take());
        drop(inner);
        wakers.into_iter().for_each(Waker::wake);
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock()
    }
}

/// Wakes somebody, outside of the lock.
pub(super) fn wake(inner: MutexGuard<'_, Inner>, waker: Option<Waker>) {
    drop(inner);
    if let Some(waker) = waker {
        waker.wake();
    }
}
