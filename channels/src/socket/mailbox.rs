use crate::wire::Frame;
use std::{
    collections::VecDeque,
    mem,
    sync::{Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, Waker},
};

/// The only queue towards one client: first in, first out, so that replies, pushes and broadcasts
/// keep their order. Bounded in frames and in bytes; when a frame does not fit, the connection
/// ends, and so a client never misses one without knowing.
#[derive(Debug)]
pub(crate) struct Mailbox {
    limits: Limits,
    inner: Mutex<Inner>,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    pub(crate) frames: usize,
    pub(crate) bytes: usize,
}

#[derive(Debug)]
struct Inner {
    frames: VecDeque<Frame>,
    bytes: usize,
    state: State,
    waker: Option<(Waker, WakeOn)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Open,
    Overflowed,
    /// The connection is gone; frames go nowhere.
    Closed,
}

/// What the connection waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum WakeOn {
    /// The next frame.
    Frame,
    /// An overflow only: the transport is busy, and more frames change nothing.
    Overflow,
}

/// The client did not keep up.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Overflow;

impl Mailbox {
    pub(crate) fn new(limits: Limits) -> Self {
        Self {
            limits,
            inner: Mutex::new(Inner {
                frames: VecDeque::new(),
                bytes: 0,
                state: State::Open,
                waker: None,
            }),
        }
    }

    /// Queues a frame. Never waits.
    pub(crate) fn push(&self, frame: Frame) {
        let mut inner = self.lock();
        if inner.state != State::Open {
            return;
        }
        let bytes = inner.bytes + frame.len();
        if inner.frames.len() < self.limits.frames && bytes <= self.limits.bytes {
            inner.bytes = bytes;
            inner.frames.push_back(frame);
        } else {
            // What is queued is forgotten: a client that reads this slowly would get it late, and
            // its close even later.
            inner.end(State::Overflowed);
        }
        let waker = inner.take_waker();
        drop(inner);
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    /// Something for this client did not fit elsewhere.
    pub(crate) fn overflow(&self) {
        let mut inner = self.lock();
        if inner.state != State::Open {
            return;
        }
        inner.end(State::Overflowed);
        let waker = inner.take_waker();
        drop(inner);
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    /// Takes frames of about `bytes` bytes, at least one, in order. Pending when there is none.
    pub(crate) fn poll_take(
        &self,
        cx: &Context<'_>,
        bytes: usize,
        into: &mut Vec<Frame>,
    ) -> Poll<Result<(), Overflow>> {
        let mut inner = self.lock();
        if inner.state == State::Overflowed {
            return Poll::Ready(Err(Overflow));
        }
        let mut taken = 0;
        while taken < bytes
            && let Some(frame) = inner.frames.pop_front()
        {
            taken += frame.len();
            into.push(frame);
        }
        inner.bytes -= taken;
        if into.is_empty() {
            inner.waker = Some((cx.waker().clone(), WakeOn::Frame));
            return Poll::Pending;
        }
        Poll::Ready(Ok(()))
    }

    /// Ready when the mailbox has overflowed.
    pub(crate) fn poll_overflow(&self, cx: &Context<'_>) -> Poll<Overflow> {
        let mut inner = self.lock();
        if inner.state == State::Overflowed {
            return Poll::Ready(Overflow);
        }
        inner.waker = Some((cx.waker().clone(), WakeOn::Overflow));
        Poll::Pending
    }

    /// Whether the mailbox is more than half full: time to stop reading from this client.
    pub(crate) fn is_congested(&self) -> bool {
        let inner = self.lock();
        inner.frames.len() > self.limits.frames / 2 || inner.bytes > self.limits.bytes / 2
    }

    /// Takes no more frames, and gives back those that were not taken.
    pub(crate) fn close(&self) -> VecDeque<Frame> {
        let mut inner = self.lock();
        inner.waker = None;
        inner.end(State::Closed)
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    fn end(&mut self, state: State) -> VecDeque<Frame> {
        self.bytes = 0;
        self.state = state;
        mem::take(&mut self.frames)
    }

    fn take_waker(&mut self) -> Option<Waker> {
        match self.waker {
            Some((_, WakeOn::Overflow)) if self.state == State::Open => None,
            _ => mem::take(&mut self.waker).map(|(waker, _)| waker),
        }
    }
}
