//! The messages that a poll is answered with, on their way to the client.

use super::session::{Inner, Session, wake};
use crate::{message::bytes::Utf8Bytes, sync::MutexGuard};
use std::{collections::VecDeque, mem, sync::Arc, task::Waker};

/// Messages that were given to a poll. They count as unsent for as long as this is kept, and if they are
/// not sent, they wait for the next poll again.
#[derive(Debug)]
pub(super) struct Unsent {
    session: Arc<Session>,
    messages: VecDeque<Utf8Bytes>,
    /// Bytes that they count for.
    bytes: usize,
    /// The number of the answer.
    number: u64,
    is_sent: bool,
}

impl Unsent {
    /// Takes all messages.
    pub(super) fn take(session: &Arc<Session>, mut inner: MutexGuard<'_, Inner>) -> Self {
        inner.answers += 1;
        inner.unsent += 1;
        let messages = mem::take(&mut inner.messages);
        Self {
            session: Arc::clone(session),
            bytes: messages.iter().map(|message| message.len()).sum(),
            messages,
            number: inner.answers,
            is_sent: false,
        }
    }

    pub(super) fn messages(&self) -> impl Iterator<Item = &str> {
        self.messages.iter().map(Utf8Bytes::as_str)
    }

    /// The answer that they are in has this length, and is kept as well.
    pub(super) fn is_in(&mut self, answer: usize) {
        self.session.lock().waiting += answer;
        self.bytes += answer;
    }

    /// The client has got them, as far as this side can tell.
    pub(super) fn sent(mut self) {
        self.is_sent = true;
    }
}

/// Has the messages of an answer wait for a poll again, if nothing that came after them has gone before;
/// else the client would hear them in another order, and has to connect anew.
fn put_back(inner: &mut Inner, messages: VecDeque<Utf8Bytes>, number: u64) -> Option<Waker> {
    if inner.answers != number {
        inner.ended = true;
        return None;
    }
    for message in messages.into_iter().rev() {
        inner.waiting += message.len();
        inner.messages.push_front(message);
    }
    inner.requests[inner.poll?].waker.take()
}

impl Drop for Unsent {
    fn drop(&mut self) {
        let now = self.session.timer.now();
        let messages = mem::take(&mut self.messages);
        let mut inner = self.session.lock();
        inner.unsent -= 1;
        inner.waiting -= self.bytes;
        let poll = if self.is_sent {
            inner.seen = now;
            None
        } else {
            put_back(&mut inner, messages, self.number)
        };
        let connection = inner.connection.clone();
        wake(inner, connection);
        if let Some(poll) = poll {
            poll.wake();
        }
    }
}
