use super::Ring;
use crate::{
    sync::{Mutex, MutexGuard},
    transport::CloseCode,
    wire::Frame,
};
use arrayvec::ArrayVec;
use std::{collections::VecDeque, mem, sync::PoisonError};

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
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Open,
    /// The connection is to be closed. More frames go nowhere.
    Ending(CloseCode),
    /// The connection is gone; frames go nowhere.
    Closed,
}

/// Room for frames that an empty mailbox keeps: bursts are rare, connections are many.
const KEPT: usize = 64;

/// There is no room for more.
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
            }),
        }
    }

    /// Queues a frame, and says what to ring for. Never waits.
    pub(crate) fn push(&self, frame: Frame) -> Option<Ring> {
        let mut inner = self.lock();
        if inner.state != State::Open {
            return None;
        }
        let bytes = inner.bytes + frame.len();
        if inner.frames.len() < self.limits.frames && bytes <= self.limits.bytes {
            inner.bytes = bytes;
            inner.frames.push_back(frame);
            Some(Ring::Mail)
        } else {
            Some(inner.end(CloseCode::Overflow))
        }
    }

    /// Ends the connection, behind what is queued, and says what to ring for.
    pub(crate) fn end(&self, code: CloseCode) -> Option<Ring> {
        let mut inner = self.lock();
        match inner.state {
            State::Open => Some(inner.end(code)),
            State::Ending(_) | State::Closed => None,
        }
    }

    /// What the connection is to be closed with, if it is.
    pub(crate) fn ending(&self) -> Option<CloseCode> {
        match self.lock().state {
            State::Ending(code) => Some(code),
            State::Open | State::Closed => None,
        }
    }

    /// Takes as many frames as there is room for, but those behind the first only up to about so many
    /// bytes. In order; whether that was all.
    pub(crate) fn take<const N: usize>(&self, bytes: usize, into: &mut ArrayVec<Frame, N>) -> bool {
        let mut inner = self.lock();
        let mut taken = 0;
        while taken < bytes
            && !into.is_full()
            && let Some(frame) = inner.frames.pop_front()
        {
            taken += frame.len();
            into.push(frame);
        }
        inner.bytes -= taken;
        let all = inner.frames.is_empty();
        if all && inner.frames.capacity() > KEPT {
            inner.frames = VecDeque::new();
        }
        all
    }

    /// Whether the mailbox is more than half full: time to stop reading from this client.
    pub(crate) fn is_congested(&self) -> bool {
        let inner = self.lock();
        inner.frames.len() > self.limits.frames / 2 || inner.bytes > self.limits.bytes / 2
    }

    /// Takes no more frames, and gives back those that were not taken.
    pub(crate) fn close(&self) -> VecDeque<Frame> {
        let mut inner = self.lock();
        inner.state = State::Closed;
        inner.take_frames()
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    fn end(&mut self, code: CloseCode) -> Ring {
        self.state = State::Ending(code);
        if code == CloseCode::Overflow {
            // What is queued is forgotten: a client that reads this slowly would get it late, and its
            // close even later.
            self.take_frames();
        }
        Ring::End
    }

    fn take_frames(&mut self) -> VecDeque<Frame> {
        self.bytes = 0;
        mem::take(&mut self.frames)
    }
}
