use super::{
    Ring,
    queue::Queue,
    queued::{Broadcast, Queued},
};
use crate::{
    Overflow,
    sync::{Mutex, MutexGuard},
    transport::CloseCode,
    wire::Frame,
};
use arrayvec::ArrayVec;
use std::{
    iter, mem,
    sync::{Arc, PoisonError},
};

#[cfg(test)]
mod tests;

/// The only queue towards one client: first in, first out, so that replies, pushes and broadcasts
/// keep their order. Bounded in frames and in bytes, but for one frame that is larger than the whole of it.
/// Of what does not fit, broadcasts may be dropped where their policy says so; for anything else the
/// connection ends, and so a client never misses one without knowing.
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
    frames: Queue<Queued>,
    bytes: usize,
    /// Bytes of the one frame that is larger than the mailbox, which do not count; none, if there is no such frame.
    large: usize,
    /// What of all this may be dropped.
    droppable: Load,
    state: State,
}

#[derive(Debug, Default)]
struct Load {
    frames: usize,
    bytes: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Open,
    /// The connection is to be closed. More frames go nowhere.
    Ending(CloseCode),
    /// The connection is gone; frames go nowhere.
    Closed,
}

impl Mailbox {
    pub(crate) fn new(limits: Limits) -> Self {
        Self {
            limits,
            inner: Mutex::new(Inner {
                frames: Queue::new(),
                bytes: 0,
                large: 0,
                droppable: Load::default(),
                state: State::Open,
            }),
        }
    }

    /// Queues a frame, and says what to ring for. Never waits. If the mailbox is full, or has all the bytes that its
    /// connection has left for it, the frame takes the place of broadcasts that may be dropped; if there are not
    /// enough, the connection ends.
    pub(crate) fn push(
        &self,
        frame: Frame,
        left: usize,
        dropped: impl FnMut(Overflow, &Broadcast),
    ) -> Option<Ring> {
        let mut inner = self.lock();
        if inner.state != State::Open {
            return None;
        }
        let (needed, mut limits) = (frame.len(), self.limits.within(left));
        let is_large = needed > limits.bytes && inner.large == 0;
        if is_large {
            limits.bytes = usize::MAX;
        }
        if !inner.has_room(limits, needed) && !inner.make_room(limits, needed, |_| true, dropped) {
            return Some(inner.end(CloseCode::Overflow));
        }
        if is_large {
            inner.push_large(frame);
        } else {
            inner.bytes += needed;
            inner.frames.push_back(Queued::Kept(frame));
        }
        Some(Ring::Mail)
    }

    /// Queues a broadcast that may be dropped, and says what to ring for. Never waits.
    pub(crate) fn push_broadcast(
        &self,
        overflow: Overflow,
        broadcast: &Arc<Broadcast>,
        left: usize,
        mut dropped: impl FnMut(Overflow, &Broadcast),
    ) -> Option<Ring> {
        let mut inner = self.lock();
        if inner.state != State::Open {
            return None;
        }
        let (needed, limits) = (broadcast.frame.len(), self.limits.within(left));
        if needed > limits.bytes && inner.frames.is_empty() {
            inner.push_large(broadcast.frame.clone());
            return Some(Ring::Mail);
        }
        if overflow == Overflow::Latest
            && let Some(older) = inner.take_outdated(limits, broadcast)
        {
            dropped(overflow, &older);
        }
        let may_go = |other| overflow == Overflow::DropOldest && other == overflow;
        if inner.has_room(limits, needed) || inner.make_room(limits, needed, may_go, &mut dropped) {
            inner.bytes += needed;
            inner.droppable.add(broadcast);
            let queued = Queued::Droppable(overflow, Arc::clone(broadcast));
            inner.frames.push_back(queued);
            Some(Ring::Mail)
        } else {
            dropped(overflow, broadcast);
            None
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
    pub(crate) fn take<const N: usize>(
        &self,
        bytes: usize,
        into: &mut ArrayVec<Queued, N>,
    ) -> bool {
        let mut inner = self.lock();
        let mut taken = 0;
        while taken < bytes
            && !into.is_full()
            && let Some(queued) = inner.frames.pop_front()
        {
            taken += queued.len();
            inner.forget(&queued);
            into.push(queued);
        }
        inner.frames.is_empty()
    }

    /// How many bytes are queued.
    pub(crate) fn bytes(&self) -> usize {
        let inner = self.lock();
        inner.bytes + inner.large
    }

    /// What is left of so many bytes; nothing if the mailbox is more than half full or has a frame that is larger than
    /// all of it: time to stop reading from this client. What may be dropped does not count, because it makes room for
    /// answers.
    pub(crate) fn room_for_answers(&self, left: usize) -> Option<usize> {
        let inner = self.lock();
        let (kept, limits) = (inner.kept(), self.limits);
        let is_congested =
            kept.frames > limits.frames / 2 || kept.bytes > limits.bytes / 2 || inner.large > 0;
        if is_congested {
            return None;
        }
        left.checked_sub(kept.bytes)
    }

    /// Drops broadcasts that may be dropped, the oldest first, until no more than so many bytes are queued, or nothing
    /// of the kind.
    pub(crate) fn give_way(&self, left: usize, dropped: impl FnMut(Overflow, &Broadcast)) {
        let mut inner = self.lock();
        if inner.droppable.frames > 0 && inner.bytes > left {
            let limits = Limits {
                frames: usize::MAX,
                bytes: inner.kept().bytes.max(left),
            };
            inner.make_room(limits, 0, |_| true, dropped);
        }
    }

    /// Takes no more frames, and gives back those that were not taken.
    pub(crate) fn close(&self) -> impl Iterator<Item = Frame> + use<> {
        let mut inner = self.lock();
        inner.state = State::Closed;
        let mut frames = inner.take_all();
        iter::from_fn(move || frames.pop_front()).map(Queued::into_frame)
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Limits {
    /// The same, if there are only so many bytes.
    fn within(self, bytes: usize) -> Self {
        Self {
            bytes: self.bytes.min(bytes),
            ..self
        }
    }
}

impl Load {
    fn add(&mut self, broadcast: &Broadcast) {
        self.frames += 1;
        self.bytes += broadcast.frame.len();
    }

    fn remove(&mut self, broadcast: &Broadcast) {
        self.frames -= 1;
        self.bytes -= broadcast.frame.len();
    }
}

impl Inner {
    fn end(&mut self, code: CloseCode) -> Ring {
        self.state = State::Ending(code);
        if code == CloseCode::Overflow {
            // What is queued is forgotten: a client that reads this slowly would get it late, and its
            // close even later.
            self.take_all();
        }
        Ring::End
    }

    fn take_all(&mut self) -> Queue<Queued> {
        (self.bytes, self.large) = (0, 0);
        self.droppable = Load::default();
        mem::replace(&mut self.frames, Queue::new())
    }

    fn has_room(&self, limits: Limits, bytes: usize) -> bool {
        self.frames.len() < limits.frames && self.bytes + bytes <= limits.bytes
    }

    fn push_large(&mut self, frame: Frame) {
        self.large = frame.len();
        self.frames.push_back(Queued::Large(Box::new(frame)));
    }

    /// Counts a frame no more that was queued.
    fn forget(&mut self, queued: &Queued) {
        match queued {
            Queued::Large(_) => self.large = 0,
            Queued::Kept(frame) => self.bytes -= frame.len(),
            Queued::Droppable(_, broadcast) => {
                self.bytes -= broadcast.frame.len();
                self.droppable.remove(broadcast);
            }
        }
    }

    /// What may not be dropped.
    fn kept(&self) -> Load {
        Load {
            frames: self.frames.len() - self.droppable.frames,
            bytes: self.bytes - self.droppable.bytes,
        }
    }

    /// Drops the oldest broadcasts of the policies that may go, until so many bytes fit. If all of
    /// them were not enough, none is dropped, and there is no room.
    #[cold]
    fn make_room(
        &mut self,
        limits: Limits,
        bytes: usize,
        may_go: impl Fn(Overflow) -> bool,
        mut dropped: impl FnMut(Overflow, &Broadcast),
    ) -> bool {
        let Some(end) = self.end_of_room(limits, bytes, &may_go) else {
            return false;
        };
        // Mostly it is the first one alone that goes, and nothing that stays is moved.
        let mut stay = Vec::new();
        for _ in 0..end {
            let Some(queued) = self.frames.pop_front() else {
                break;
            };
            match queued.droppable() {
                Some((policy, broadcast)) if may_go(policy) => {
                    self.forget(&queued);
                    dropped(policy, broadcast);
                }
                _ => stay.push(queued),
            }
        }
        for queued in stay.into_iter().rev() {
            self.frames.push_front(queued);
        }
        true
    }

    /// How many frames from the front there are to the last one that has to go.
    fn end_of_room(
        &self,
        limits: Limits,
        bytes: usize,
        may_go: impl Fn(Overflow) -> bool,
    ) -> Option<usize> {
        let kept = self.kept();
        if kept.frames >= limits.frames || kept.bytes + bytes > limits.bytes {
            return None;
        }
        let (mut frames, mut total) = (self.frames.len(), self.bytes + bytes);
        let last = self.frames.iter().position(|queued| {
            let droppable = queued.droppable();
            if droppable.is_some_and(|(policy, _)| may_go(policy)) {
                frames -= 1;
                total -= queued.len();
            }
            frames < limits.frames && total <= limits.bytes
        });
        last.map(|last| last + 1)
    }

    /// Takes the older broadcast of the same event out, if that makes room for the newer one.
    fn take_outdated(&mut self, limits: Limits, newer: &Broadcast) -> Option<Arc<Broadcast>> {
        if self.droppable.frames == 0 {
            return None;
        }
        // There is one at the most, and mostly it has come but lately.
        let (position, older) = self
            .frames
            .find_last(|queued| queued.is_outdated_by(newer))?;
        let others = self.bytes - older.len();
        if others + newer.frame.len() > limits.bytes {
            return None;
        }
        let outdated = self.frames.remove(position)?.into_droppable()?;
        self.bytes = others;
        self.droppable.remove(&outdated);
        Some(outdated)
    }
}
