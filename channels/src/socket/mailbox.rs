use super::{
    Ring,
    queue::Queue,
    queued::{Broadcast, Queued},
};
use crate::{close::CloseCode, limits::QueueLimits, overflow::Overflow, sync::Mutex, wire::Frame};
use arrayvec::ArrayVec;
use std::{iter, mem, sync::Arc};

mod droppable;
#[cfg(test)]
mod tests;

use droppable::{Droppables, Load, Which};

/// The only queue towards one client: first in, first out, so that replies, pushes and broadcasts
/// keep their order. Bounded in frames and in bytes, but for one frame that is larger than the whole of it.
/// Of what does not fit, broadcasts may be dropped where their policy says so; for anything else the
/// connection ends, and so a client never misses one without knowing.
#[derive(Debug)]
#[repr(C)]
pub(crate) struct Mailbox {
    limits: QueueLimits,
    inner: Mutex<Inner>,
}

/// In this order, and no larger: every delivery looks at it, mostly from afar.
#[derive(Debug)]
#[repr(C)]
struct Inner {
    state: State,
    /// Bytes of the one frame that is larger than the mailbox, which do not count; none, if there is no such frame.
    large: u32,
    bytes: usize,
    /// What of all this may be dropped. Boxed, because most clients hear nothing of the kind.
    droppables: Option<Box<Droppables>>,
    frames: Queue<Queued>,
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
    pub(crate) fn new(limits: QueueLimits) -> Self {
        Self {
            limits,
            inner: Mutex::new(Inner {
                state: State::Open,
                large: 0,
                bytes: 0,
                droppables: None,
                frames: Queue::new(),
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
        let mut inner = self.inner.lock();
        if inner.state != State::Open {
            return None;
        }
        let limits = self.limits.within(left);
        if inner.has_room(limits, frame.len()) {
            inner.push_kept(frame);
        } else if !inner.squeeze_in(frame, limits, dropped) {
            return Some(inner.end(CloseCode::Overflow));
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
        let mut inner = self.inner.lock();
        if inner.state != State::Open {
            return None;
        }
        let (needed, limits) = (broadcast.frame.len(), self.limits.within(left));
        if needed > limits.bytes && inner.frames.is_empty() {
            inner.push_large(broadcast.frame.clone());
            return Some(Ring::Mail);
        }
        if overflow == Overflow::Latest
            && let Some(older) = inner.drop_outdated(limits, broadcast)
        {
            dropped(overflow, &older);
        }
        let makes_room = overflow == Overflow::DropOldest;
        if inner.has_room(limits, needed)
            || makes_room && inner.make_room(limits, needed, Which::Oldest, &mut dropped)
        {
            inner.push_droppable(overflow, broadcast);
            Some(Ring::Mail)
        } else {
            dropped(overflow, broadcast);
            None
        }
    }

    /// Ends the connection, behind what is queued, and says what to ring for.
    pub(crate) fn end(&self, code: CloseCode) -> Option<Ring> {
        let mut inner = self.inner.lock();
        match inner.state {
            State::Open => Some(inner.end(code)),
            State::Ending(_) | State::Closed => None,
        }
    }

    /// What the connection is to be closed with, if it is.
    pub(crate) fn ending(&self) -> Option<CloseCode> {
        match self.inner.lock().state {
            State::Ending(code) => Some(code),
            State::Open | State::Closed => None,
        }
    }

    /// Takes as many frames as there is room for, but those behind the first only up to about so many
    /// bytes. In order; how many bytes that were, and whether it was all.
    pub(crate) fn take<const N: usize>(
        &self,
        bytes: usize,
        into: &mut ArrayVec<Frame, N>,
    ) -> (usize, bool) {
        let mut inner = self.inner.lock();
        let mut taken = 0;
        while taken < bytes
            && !into.is_full()
            && let Some(frame) = inner.pop()
        {
            taken += frame.len();
            into.push(frame);
        }
        (taken, inner.len() == 0)
    }

    /// How many bytes are queued.
    pub(crate) fn bytes(&self) -> usize {
        let inner = self.inner.lock();
        inner.bytes + inner.large as usize
    }

    /// What is left of so many bytes; nothing if the mailbox is more than half full or has a frame that is larger than
    /// all of it: time to stop reading from this client. What may be dropped does not count, because it makes room for
    /// answers.
    pub(crate) fn room_for_answers(&self, left: usize) -> Option<usize> {
        let inner = self.inner.lock();
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
        let mut inner = self.inner.lock();
        if inner.bytes > left {
            let limits = QueueLimits {
                frames: usize::MAX,
                bytes: inner.kept().bytes.max(left),
            };
            inner.make_room(limits, 0, Which::All, dropped);
        }
    }

    /// Takes no more frames, and gives back those that were not taken.
    pub(crate) fn close(&self) -> impl Iterator<Item = Frame> + use<> {
        let mut inner = self.inner.lock();
        inner.state = State::Closed;
        let mut frames = inner.take_all();
        iter::from_fn(move || frames.pop_front()).filter_map(Queued::into_frame)
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
        self.droppables = None;
        mem::replace(&mut self.frames, Queue::new())
    }

    /// How many frames there are.
    fn len(&self) -> usize {
        let gaps = self.droppables.as_ref().map_or(0, |those| those.gaps);
        self.frames.len() - gaps
    }

    fn has_room(&self, limits: QueueLimits, bytes: usize) -> bool {
        self.len() < limits.frames && self.bytes + bytes <= limits.bytes
    }

    fn push_kept(&mut self, frame: Frame) {
        self.bytes += frame.len();
        self.frames.push_back(Queued::Kept(frame));
    }

    /// Queues a frame for which there is no room, if what may be dropped makes some, or if it is larger than the
    /// mailbox and the only one of the kind. Whether it did.
    #[cold]
    fn squeeze_in(
        &mut self,
        frame: Frame,
        mut limits: QueueLimits,
        dropped: impl FnMut(Overflow, &Broadcast),
    ) -> bool {
        let is_large = frame.len() > limits.bytes && self.large == 0;
        if is_large {
            limits.bytes = usize::MAX;
        }
        if !self.has_room(limits, frame.len())
            && !self.make_room(limits, frame.len(), Which::All, dropped)
        {
            return false;
        }
        if is_large {
            self.push_large(frame);
        } else {
            self.push_kept(frame);
        }
        true
    }

    fn push_large(&mut self, frame: Frame) {
        self.large = frame.len().try_into().unwrap_or(u32::MAX);
        self.frames.push_back(Queued::Large(Box::new(frame)));
    }

    fn push_droppable(&mut self, overflow: Overflow, broadcast: &Arc<Broadcast>) {
        self.bytes += broadcast.frame.len();
        let droppables = self.droppables.get_or_insert_default();
        droppables.push(&mut self.frames, overflow, broadcast);
    }

    /// Takes the first frame.
    #[inline]
    fn pop(&mut self) -> Option<Frame> {
        loop {
            let queued = self.frames.pop_front()?;
            if let Some(droppables) = &mut self.droppables {
                droppables.taken(&queued);
            }
            let frame = match queued {
                Queued::Kept(frame) => frame,
                Queued::Droppable(_, broadcast) => broadcast.frame.clone(),
                Queued::Large(frame) => {
                    self.large = 0;
                    return Some(*frame);
                }
                Queued::Gap => continue,
            };
            self.bytes -= frame.len();
            return Some(frame);
        }
    }

    /// What may not be dropped.
    fn kept(&self) -> Load {
        self.all_but(Which::All)
    }

    fn all_but(&self, which: Which) -> Load {
        let droppables = self.droppables.as_ref();
        let these = droppables.map_or(Load::default(), |those| those.load(which));
        Load {
            frames: self.len() - these.frames,
            bytes: self.bytes - these.bytes,
        }
    }

    /// Drops the oldest of these broadcasts, until so many bytes fit. If all of them were not enough, none is
    /// dropped, and there is no room.
    #[cold]
    fn make_room(
        &mut self,
        limits: QueueLimits,
        bytes: usize,
        which: Which,
        mut dropped: impl FnMut(Overflow, &Broadcast),
    ) -> bool {
        let others = self.all_but(which);
        if others.frames >= limits.frames || others.bytes + bytes > limits.bytes {
            return false;
        }
        while !self.has_room(limits, bytes)
            && let Some(droppables) = &mut self.droppables
            && let Some((overflow, broadcast)) = droppables.drop_oldest(&mut self.frames, which)
        {
            self.bytes -= broadcast.frame.len();
            dropped(overflow, &broadcast);
        }
        true
    }

    /// Drops the older broadcast of the same event, if that makes room for the newer one.
    fn drop_outdated(&mut self, limits: QueueLimits, newer: &Broadcast) -> Option<Arc<Broadcast>> {
        let droppables = self.droppables.as_mut()?;
        let (number, bytes) = droppables.outdated(&self.frames, newer)?;
        if self.bytes - bytes + newer.frame.len() > limits.bytes {
            return None;
        }
        let (_, outdated) = droppables.drop_at(&mut self.frames, number)?;
        self.bytes -= bytes;
        Some(outdated)
    }
}
