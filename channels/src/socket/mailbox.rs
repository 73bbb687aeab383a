use crate::{transport::CloseCode, wire::Frame};
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
    /// The connection is to be closed. More frames go nowhere.
    Ending(CloseCode),
    /// The connection is gone; frames go nowhere.
    Closed,
}

/// What the connection waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum WakeOn {
    /// The next frame.
    Frame,
    /// The end only: the transport is busy, and more frames change nothing.
    End,
}

/// There is no room for more.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Overflow;

/// The connection is to be closed, and with what.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Ending(pub(crate) CloseCode);

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
            inner.end(CloseCode::Overflow);
        }
        wake(inner);
    }

    /// Ends the connection, behind what is queued.
    pub(crate) fn end(&self, code: CloseCode) {
        let mut inner = self.lock();
        if inner.state == State::Open {
            inner.end(code);
            wake(inner);
        }
    }

    /// Takes frames of about `bytes` bytes, at least one, in order. Pending when there is none.
    pub(crate) fn poll_take(
        &self,
        cx: &Context<'_>,
        bytes: usize,
        into: &mut Vec<Frame>,
    ) -> Poll<Result<(), Ending>> {
        let mut inner = self.lock();
        if let State::Ending(code) = inner.state {
            return Poll::Ready(Err(Ending(code)));
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

    /// Ready when the connection is to be closed.
    pub(crate) fn poll_ending(&self, cx: &Context<'_>) -> Poll<Ending> {
        let mut inner = self.lock();
        if let State::Ending(code) = inner.state {
            return Poll::Ready(Ending(code));
        }
        inner.waker = Some((cx.waker().clone(), WakeOn::End));
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
        inner.state = State::Closed;
        inner.take_frames()
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    fn end(&mut self, code: CloseCode) {
        self.state = State::Ending(code);
        if code == CloseCode::Overflow {
            // What is queued is forgotten: a client that reads this slowly would get it late, and its
            // close even later.
            self.take_frames();
        }
    }

    fn take_frames(&mut self) -> VecDeque<Frame> {
        self.bytes = 0;
        mem::take(&mut self.frames)
    }

    fn take_waker(&mut self) -> Option<Waker> {
        match self.waker {
            Some((_, WakeOn::End)) if self.state == State::Open => None,
            _ => mem::take(&mut self.waker).map(|(waker, _)| waker),
        }
    }
}

/// Wakes the connection if it waits for what has changed, outside of the lock.
fn wake(mut inner: MutexGuard<'_, Inner>) {
    let waker = inner.take_waker();
    drop(inner);
    if let Some(waker) = waker {
        waker.wake();
    }
}
