use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering::SeqCst},
};

/// Breaks connections in the middle of things, as a network does: all goes well so many times, and
/// from then on nothing is read or written any more.
#[derive(Clone, Debug)]
pub struct Fault {
    what: Operation,
    /// How often it still goes well. Clones share it.
    left: Arc<AtomicUsize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operation {
    Read,
    Write,
}

impl Fault {
    /// Lets the server read so many times. It does so also to find that nothing is there.
    pub fn after_reads(reads: usize) -> Self {
        Self::new(Operation::Read, reads)
    }

    /// Lets the server write so many times.
    pub fn after_writes(writes: usize) -> Self {
        Self::new(Operation::Write, writes)
    }

    fn new(what: Operation, left: usize) -> Self {
        // One more, for the fault itself.
        let left = Arc::new(AtomicUsize::new(left + 1));
        Self { what, left }
    }

    /// Whether the connection is broken by now.
    pub fn has_struck(&self) -> bool {
        self.left.load(SeqCst) == 0
    }

    /// Counts an operation, and says whether it fails.
    pub(super) fn strikes(&self, operation: Operation) -> bool {
        if self.what == operation && !self.has_struck() {
            self.left.fetch_sub(1, SeqCst);
        }
        self.has_struck()
    }
}
