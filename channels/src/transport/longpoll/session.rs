//! What the HTTP requests of a session and its connection have in common.

use crate::{
    transport::{CloseCode, Received, Timer, Transport},
    wire::{Frame, Utf8Bytes},
};
use futures_util::{
    FutureExt,
    future::{AbortHandle, Abortable, BoxFuture, Pending, Shared, abortable, pending},
};
use std::{
    collections::{HashMap, VecDeque},
    io, mem,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, Waker},
    time::{Duration, Instant},
};

/// Bytes that wait for a poll before the rest waits in the mailbox, where it is counted.
const BUFFER: usize = 256 * 1024;

/// The sessions of one mount, by token.
#[derive(Debug, Default)]
pub(super) struct Sessions(Mutex<HashMap<Arc<str>, Arc<Session>>>);

#[derive(Debug)]
pub(super) struct Session {
    token: Arc<str>,
    inner: Mutex<Inner>,
    /// Ready when the connection has ended, for as many as want to know.
    over: Shared<Abortable<Pending<()>>>,
    end: AbortHandle,
}

#[derive(Debug)]
struct Inner {
    to_server: VecDeque<Received>,
    /// Frames for the client, in order.
    messages: Vec<Utf8Bytes>,
    bytes: usize,
    /// The connection has ended; what is left may still be fetched.
    ended: bool,
    last_poll: Instant,
    /// How many polls there have been: the latest one gets the messages.
    polls: u64,
    connection: Option<Waker>,
    poll: Option<Waker>,
    publisher: Option<Waker>,
}

/// The connection's end of a session.
pub(super) struct Polled {
    session: Arc<Session>,
    sessions: Arc<Sessions>,
    timer: Arc<dyn Timer>,
    /// How long the client may go without a poll.
    patience: Duration,
    check: BoxFuture<'static, ()>,
}

impl Sessions {
    pub(super) fn find(&self, token: &str) -> Option<Arc<Session>> {
        lock(&self.0).get(token).map(Arc::clone)
    }

    /// A new session that ends when it is not polled for as long as `patience`.
    pub(super) fn open(
        self: &Arc<Self>,
        token: Arc<str>,
        timer: Arc<dyn Timer>,
        patience: Duration,
    ) -> (Arc<Session>, Polled) {
        let session = Arc::new(Session::new(token, timer.now()));
        let entry = (Arc::clone(&session.token), Arc::clone(&session));
        lock(&self.0).extend([entry]);
        let polled = Polled {
            session: Arc::clone(&session),
            sessions: Arc::clone(self),
            check: timer.delay(patience),
            timer,
            patience,
        };
        (session, polled)
    }
}

impl Session {
    fn new(token: Arc<str>, now: Instant) -> Self {
        let (over, end) = abortable(pending());
        Self {
            token,
            over: over.shared(),
            end,
            inner: Mutex::new(Inner {
                to_server: VecDeque::new(),
                messages: Vec::new(),
                bytes: 0,
                ended: false,
                last_poll: now,
                polls: 0,
                connection: None,
                poll: None,
                publisher: None,
            }),
        }
    }

    pub(super) fn token(&self) -> &str {
        &self.token
    }

    /// A poll begins, which takes over from one that still waits (LP-11).
    pub(super) fn begin_poll(&self) -> u64 {
        let mut inner = lock(&self.inner);
        inner.polls += 1;
        inner.to_server.push_back(Received::Activity);
        let poll = inner.polls;
        wake(inner, |inner| &mut inner.connection);
        poll
    }

    /// What there is for a poll; `None` if the session has ended.
    pub(super) fn poll_messages(
        &self,
        poll: u64,
        cx: &Context<'_>,
    ) -> Poll<Option<Vec<Utf8Bytes>>> {
        let mut inner = lock(&self.inner);
        if inner.polls != poll {
            // Another poll gets them; this one ends with its window, or with the session.
            return Poll::Pending;
        }
        if inner.messages.is_empty() {
            if inner.ended {
                return Poll::Ready(None);
            }
            inner.poll = Some(cx.waker().clone());
            return Poll::Pending;
        }
        inner.bytes = 0;
        let messages = mem::take(&mut inner.messages);
        wake(inner, |inner| &mut inner.connection);
        Poll::Ready(Some(messages))
    }

    /// A poll is answered: the client lives.
    pub(super) fn end_poll(&self, now: Instant) {
        lock(&self.inner).last_poll = now;
    }

    /// Something has come from the client.
    pub(super) fn publish(&self, received: Received) {
        let mut inner = lock(&self.inner);
        inner.to_server.push_back(received);
        wake(inner, |inner| &mut inner.connection);
    }

    /// Ready when the connection has taken all that was published; whether it lives.
    pub(super) fn poll_taken(&self, cx: &Context<'_>) -> Poll<bool> {
        let mut inner = lock(&self.inner);
        if inner.ended {
            return Poll::Ready(false);
        }
        if inner.to_server.is_empty() {
            return Poll::Ready(true);
        }
        inner.publisher = Some(cx.waker().clone());
        Poll::Pending
    }

    /// Waits until the connection has ended. What is left may still be fetched then.
    pub(super) async fn over(&self) {
        // An error, as nothing else can come of it.
        let _ = self.over.clone().await;
    }

    fn end(&self) {
        let mut inner = lock(&self.inner);
        inner.ended = true;
        let wakers = [inner.poll.take(), inner.publisher.take()];
        drop(inner);
        wakers.into_iter().flatten().for_each(Waker::wake);
        self.end.abort();
    }
}

impl Transport for Polled {
    fn poll_receive(&mut self, cx: &mut Context<'_>) -> Poll<Received> {
        while self.check.as_mut().poll(cx).is_ready() {
            let last_poll = lock(&self.session.inner).last_poll;
            if self.timer.now().saturating_duration_since(last_poll) >= self.patience {
                return Poll::Ready(Received::Gone);
            }
            self.check = self.timer.delay(self.patience);
        }
        let mut inner = lock(&self.session.inner);
        if inner.ended {
            return Poll::Ready(Received::Gone);
        }
        let Some(received) = inner.to_server.pop_front() else {
            inner.connection = Some(cx.waker().clone());
            return Poll::Pending;
        };
        if inner.to_server.is_empty() {
            wake(inner, |inner| &mut inner.publisher);
        }
        Poll::Ready(received)
    }

    fn held(&self) -> usize {
        let inner = lock(&self.session.inner);
        let published = inner.to_server.iter().map(|received| match received {
            Received::Frame(frame) => frame.len(),
            Received::Activity | Received::Violation(_) | Received::Gone => 0,
        });
        inner.bytes + published.sum::<usize>()
    }

    fn send(&mut self, frames: &mut dyn Iterator<Item = Frame>) {
        let mut inner = lock(&self.session.inner);
        for frame in frames {
            match frame {
                Frame::Text(text) => {
                    inner.bytes += text.len();
                    inner.messages.push(text);
                }
                Frame::Binary(_) => {
                    log::error!("not sent: bytes cannot go to a client that polls (LP-16)");
                }
            }
        }
    }

    /// The client sees it when it polls again: there is no session then.
    fn close(&mut self, _: CloseCode) {
        self.session.end();
    }

    fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let mut inner = lock(&self.session.inner);
        let is_full = inner.bytes > BUFFER && !inner.ended;
        if is_full {
            inner.connection = Some(cx.waker().clone());
        }
        wake(inner, |inner| &mut inner.poll);
        if is_full {
            Poll::Pending
        } else {
            Poll::Ready(Ok(()))
        }
    }
}

impl Drop for Polled {
    fn drop(&mut self) {
        lock(&self.sessions.0).remove(&*self.session.token);
        self.session.end();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Wakes one of those who wait, outside of the lock.
fn wake(mut inner: MutexGuard<'_, Inner>, who: fn(&mut Inner) -> &mut Option<Waker>) {
    let waker = who(&mut inner).take();
    drop(inner);
    if let Some(waker) = waker {
        waker.wake();
    }
}
