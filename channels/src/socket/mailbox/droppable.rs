use crate::{
    overflow::Overflow,
    socket::{
        queue::Queue,
        queued::{Broadcast, Queued},
    },
};
use foldhash::fast::RandomState;
use std::{
    collections::{HashMap, VecDeque},
    hash::BuildHasher,
    sync::Arc,
};

/// Where the broadcasts are in a mailbox that may be dropped, so that the one that goes is found without a look at all
/// the others. One that is dropped leaves a gap, and those behind it stay where they are.
///
/// Frames have numbers, which count up, and those of the gaps and of frames that have been taken may still be listed.
#[derive(Debug, Default)]
pub(super) struct Droppables {
    /// The number of the first frame in the mailbox.
    first: u64,
    pub(super) gaps: usize,
    pub(super) all: Load,
    pub(super) oldest: Load,
    /// From the oldest to the newest.
    numbers: VecDeque<u64>,
    /// Those that a newer one may drop.
    numbers_of_oldest: VecDeque<u64>,
    /// The last one for each topic and event, by the hash of both.
    latest: HashMap<u64, u64, RandomState>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Load {
    pub(super) frames: usize,
    pub(super) bytes: usize,
}

/// Which broadcasts may be dropped to make room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Which {
    All,
    /// Those of [`Overflow::DropOldest`].
    Oldest,
}

impl Load {
    fn add(&mut self, bytes: usize) {
        self.frames += 1;
        self.bytes += bytes;
    }

    fn remove(&mut self, bytes: usize) {
        self.frames -= 1;
        self.bytes -= bytes;
    }
}

impl Droppables {
    /// What there is of these.
    pub(super) fn load(&self, which: Which) -> Load {
        match which {
            Which::All => self.all,
            Which::Oldest => self.oldest,
        }
    }

    /// Queues a broadcast behind all that is there.
    pub(super) fn push(
        &mut self,
        frames: &mut Queue<Queued>,
        overflow: Overflow,
        broadcast: &Arc<Broadcast>,
    ) {
        let number = self.first + frames.len() as u64;
        let bytes = broadcast.frame.len();
        self.all.add(bytes);
        self.numbers.push_back(number);
        match overflow {
            Overflow::DropOldest => {
                self.oldest.add(bytes);
                self.numbers_of_oldest.push_back(number);
            }
            Overflow::Latest => {
                let key = self.key(broadcast);
                self.latest.insert(key, number);
            }
            Overflow::DropNewest | Overflow::Disconnect => {}
        }
        frames.push_back(Queued::Droppable(overflow, Arc::clone(broadcast)));
    }

    /// The first frame has been taken out of the mailbox.
    pub(super) fn taken(&mut self, queued: &Queued) {
        let number = self.first;
        self.first += 1;
        for numbers in [&mut self.numbers, &mut self.numbers_of_oldest] {
            if numbers.front() == Some(&number) {
                numbers.pop_front();
            }
        }
        match queued {
            Queued::Gap => self.gaps -= 1,
            Queued::Droppable(overflow, broadcast) => self.forget(number, *overflow, broadcast),
            Queued::Kept(_) | Queued::Large(_) => {}
        }
    }

    /// Drops the oldest of these.
    pub(super) fn drop_oldest(
        &mut self,
        frames: &mut Queue<Queued>,
        which: Which,
    ) -> Option<(Overflow, Arc<Broadcast>)> {
        loop {
            let numbers = match which {
                Which::All => &mut self.numbers,
                Which::Oldest => &mut self.numbers_of_oldest,
            };
            let number = numbers.pop_front()?;
            if let Some(dropped) = self.drop_at(frames, number) {
                return Some(dropped);
            }
        }
    }

    /// The number of the broadcast that has nothing to say once this has been said, and its bytes.
    pub(super) fn outdated(
        &self,
        frames: &Queue<Queued>,
        newer: &Broadcast,
    ) -> Option<(u64, usize)> {
        let number = *self.latest.get(&self.key(newer))?;
        let older = frames.get(self.position(number)?)?;
        older.is_outdated_by(newer).then(|| (number, older.len()))
    }

    /// Drops the broadcast of this number, if it is still there.
    pub(super) fn drop_at(
        &mut self,
        frames: &mut Queue<Queued>,
        number: u64,
    ) -> Option<(Overflow, Arc<Broadcast>)> {
        let queued = frames.get_mut(self.position(number)?)?;
        let Queued::Droppable(overflow, broadcast) = queued else {
            return None;
        };
        let dropped = (*overflow, Arc::clone(broadcast));
        *queued = Queued::Gap;
        self.gaps += 1;
        self.forget(number, dropped.0, &dropped.1);
        self.close_gaps(frames);
        Some(dropped)
    }

    fn forget(&mut self, number: u64, overflow: Overflow, broadcast: &Broadcast) {
        let bytes = broadcast.frame.len();
        self.all.remove(bytes);
        match overflow {
            Overflow::DropOldest => self.oldest.remove(bytes),
            Overflow::Latest => {
                let key = self.key(broadcast);
                if self.latest.get(&key) == Some(&number) {
                    self.latest.remove(&key);
                }
            }
            Overflow::DropNewest | Overflow::Disconnect => {}
        }
    }

    /// Moves the frames together once most of the places are gaps.
    fn close_gaps(&mut self, frames: &mut Queue<Queued>) {
        /// So few are not worth it.
        const FEW: usize = 64;
        if self.gaps <= FEW + (frames.len() - self.gaps) {
            return;
        }
        *self = Self::default();
        let mut all = Queue::new();
        while let Some(queued) = frames.pop_front() {
            match queued {
                Queued::Gap => {}
                Queued::Droppable(overflow, broadcast) => {
                    self.push(&mut all, overflow, &broadcast);
                }
                kept => all.push_back(kept),
            }
        }
        *frames = all;
    }

    fn position(&self, number: u64) -> Option<usize> {
        usize::try_from(number.checked_sub(self.first)?).ok()
    }

    fn key(&self, broadcast: &Broadcast) -> u64 {
        let hasher = self.latest.hasher();
        hasher.hash_one((broadcast.room.name(), &broadcast.event))
    }
}
