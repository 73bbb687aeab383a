//! One HTTP request of a session, for as long as it is under way.

use super::{
    session::{Inner, Session, wake},
    unsent::Unsent,
};
use crate::{sync::MutexGuard, transport::Received};
use std::{
    collections::VecDeque,
    sync::Arc,
    task::{Context, Poll, Waker},
};

/// What a request counts for at the least, with the TCP connection and the head that it comes with. With
/// the default budget, no more than 128 of a session are under way at once.
const REQUEST: usize = 32 * 1024;

/// There is no room for what a client has sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Full;

/// A request of a session. It waits with a waker of its own, and when it is dropped, be it because its
/// client has given up, nothing is left of it.
#[derive(Debug)]
pub(super) struct Request {
    session: Arc<Session>,
    key: usize,
}

/// What a session knows of a request.
#[derive(Debug)]
pub(super) struct Waiting {
    pub(super) is_poll: bool,
    /// Frames that the connection has not taken yet.
    pub(super) frames: VecDeque<Received>,
    /// Bytes that the request keeps.
    kept: usize,
    pub(super) waker: Option<Waker>,
}

/// How a poll ends.
#[derive(Debug)]
pub(super) enum Polled {
    Messages(Unsent),
    /// Another poll has them, and the session has ended.
    Nothing,
    /// The session has ended, and all messages were fetched.
    Ended,
}

impl Request {
    /// A poll, which takes over from one that still waits (LP-11).
    ///
    /// # Errors
    ///
    /// If too much of the session is under way.
    pub(super) fn poll(session: &Arc<Session>) -> Result<Self, Full> {
        let key = session.keep(REQUEST, |inner| {
            let key = begin(inner, true);
            inner.poll = Some(key);
            inner.activity = true;
            key
        })?;
        let inner = session.lock();
        let connection = inner.connection.clone();
        wake(inner, connection);
        Ok(Self::new(session, key))
    }

    /// A request that publishes something, once it has come.
    ///
    /// # Errors
    ///
    /// If too much of the session is under way.
    pub(super) fn publish(session: &Arc<Session>) -> Result<Self, Full> {
        let key = session.keep(REQUEST, |inner| begin(inner, false))?;
        Ok(Self::new(session, key))
    }

    fn new(session: &Arc<Session>, key: usize) -> Self {
        Self {
            session: Arc::clone(session),
            key,
        }
    }

    /// Makes room for so many more bytes, until the request has ended.
    ///
    /// # Errors
    ///
    /// If the session keeps too much already.
    pub(super) fn keep(&self, bytes: usize) -> Result<(), Full> {
        self.session
            .keep(bytes, |inner| inner.requests[self.key].kept += bytes)
    }

    /// Has the connection take these, in order and behind what other requests have published before.
    pub(super) fn hand_over(&self, frames: VecDeque<Received>) {
        if frames.is_empty() {
            return;
        }
        let mut inner = self.session.lock();
        inner.requests[self.key].frames = frames;
        inner.publishing.push_back(self.key);
        let connection = inner.connection.clone();
        wake(inner, connection);
    }

    /// Ready when the connection has taken all that was handed over; whether it lives.
    pub(super) fn poll_taken(&self, cx: &Context<'_>) -> Poll<bool> {
        let inner = self.session.lock();
        if inner.ended {
            return Poll::Ready(false);
        }
        if inner.requests[self.key].frames.is_empty() {
            return Poll::Ready(true);
        }
        self.wait(inner, cx)
    }

    /// Ready when there are messages for this poll, or will be none any more.
    pub(super) fn poll_messages(&self, cx: &Context<'_>) -> Poll<Polled> {
        let inner = self.session.lock();
        let is_latest = inner.poll == Some(self.key);
        if is_latest && !inner.messages.is_empty() {
            return Poll::Ready(Polled::Messages(Unsent::take(&self.session, inner)));
        }
        match (inner.ended, is_latest) {
            (true, true) => Poll::Ready(Polled::Ended),
            (true, false) => Poll::Ready(Polled::Nothing),
            (false, _) => self.wait(inner, cx),
        }
    }

    /// Ready when the connection has ended.
    pub(super) fn poll_ended(&self, cx: &Context<'_>) -> Poll<()> {
        let inner = self.session.lock();
        if inner.ended {
            return Poll::Ready(());
        }
        self.wait(inner, cx)
    }

    fn wait<T>(&self, mut inner: MutexGuard<'_, Inner>, cx: &Context<'_>) -> Poll<T> {
        inner.requests[self.key].waker = Some(cx.waker().clone());
        Poll::Pending
    }
}

fn begin(inner: &mut Inner, is_poll: bool) -> usize {
    inner.used = true;
    inner.requests.insert(Waiting {
        is_poll,
        frames: VecDeque::new(),
        kept: REQUEST,
        waker: None,
    })
}

impl Drop for Request {
    fn drop(&mut self) {
        let now = self.session.timer.now();
        let mut inner = self.session.lock();
        let waiting = inner.requests.remove(self.key);
        inner.kept -= waiting.kept;
        inner.publishing.retain(|key| *key != self.key);
        if inner.poll == Some(self.key) {
            inner.poll = None;
        }
        if waiting.is_poll {
            // Until now the client was there.
            inner.seen = now;
        }
        // There may be room to read again.
        let connection = inner.connection.clone();
        wake(inner, connection.filter(|_| waiting.kept > REQUEST));
        // Not under the lock: what it has published may be large.
        drop(waiting);
    }
}
