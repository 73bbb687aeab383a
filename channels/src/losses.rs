use crate::{
    overflow::{OnOverflow, Overflow, Overflowed},
    sync::Mutex,
};
use std::{
    cell::Cell,
    mem,
    sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed},
};

/// What clients did not get: counted, and told to the application.
///
/// A loss is found under locks that the application must not wait for. So it is noted there, and told
/// when whoever has sent holds no lock any more.
#[derive(Debug, Default)]
pub(crate) struct Losses {
    closes: AtomicU64,
    dropped_oldest: AtomicU64,
    dropped_newest: AtomicU64,
    dropped_latest: AtomicU64,
    untold: Mutex<Vec<(OnOverflow, Overflowed)>>,
    /// Whether somebody is to be told: all that is looked at where nothing is lost.
    any_untold: AtomicBool,
}

impl Losses {
    pub(crate) fn count(&self, overflow: Overflow) {
        self.counter(overflow).fetch_add(1, Relaxed);
    }

    pub(crate) fn counted(&self, overflow: Overflow) -> u64 {
        self.counter(overflow).load(Relaxed)
    }

    fn counter(&self, overflow: Overflow) -> &AtomicU64 {
        match overflow {
            Overflow::Disconnect => &self.closes,
            Overflow::DropOldest => &self.dropped_oldest,
            Overflow::DropNewest => &self.dropped_newest,
            Overflow::Latest => &self.dropped_latest,
        }
    }

    /// Has somebody told of it, soon.
    pub(crate) fn note(&self, whom: &OnOverflow, overflowed: Overflowed) {
        let mut untold = self.untold.lock();
        untold.push((whom.clone(), overflowed));
        self.any_untold.store(true, Relaxed);
    }

    /// Tells all that was noted. Not to be called with a lock in hand.
    pub(crate) fn tell(&self) {
        if self.any_untold.load(Relaxed) {
            self.tell_untold();
        }
    }

    #[cold]
    fn tell_untold(&self) {
        thread_local! {
            /// What is lost because of what the application does when it is told waits for the next
            /// time; else one call could lead to another for ever.
            static TELLING: Cell<bool> = const { Cell::new(false) };
        }
        if TELLING.replace(true) {
            return;
        }
        for (whom, overflowed) in self.take() {
            whom.tell(&overflowed);
        }
        TELLING.set(false);
    }

    fn take(&self) -> Vec<(OnOverflow, Overflowed)> {
        let mut untold = self.untold.lock();
        self.any_untold.store(false, Relaxed);
        mem::take(&mut *untold)
    }
}
