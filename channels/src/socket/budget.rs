//! How much is kept for one connection.

use super::{Connection, Ring};
use std::sync::{
    Arc, Weak,
    atomic::{AtomicUsize, Ordering::Relaxed},
};

/// The bytes that a connection may take up, and those that it does, but for what its mailbox has, which counts for
/// itself: a delivery to a client that keeps up costs nothing here.
///
/// The clients' own part is counted by the task of the connection, which stops reading in time. What comes from inside
/// the server takes a [`Reserved`] part.
#[derive(Debug)]
pub(crate) struct Budget {
    limit: usize,
    used: AtomicUsize,
}

/// Bytes that are kept for a connection until this is dropped.
#[derive(Debug)]
pub(crate) struct Reserved {
    connection: Weak<Connection>,
    bytes: usize,
}

impl Budget {
    pub(crate) fn new(limit: usize) -> Self {
        Self {
            limit,
            used: AtomicUsize::new(0),
        }
    }

    /// How many bytes there may be with all that is in the mailbox. A little less than the limit, so that small
    /// answers can be given whatever else there is.
    pub(crate) fn most(&self) -> usize {
        self.limit - self.for_answers()
    }

    fn for_answers(&self) -> usize {
        self.limit / 64
    }

    pub(crate) fn used(&self) -> usize {
        self.used.load(Relaxed)
    }

    /// What is left for the mailbox.
    pub(crate) fn left(&self) -> usize {
        let left = self.limit.saturating_sub(self.used());
        left.max(self.for_answers())
    }

    /// Counts one number of bytes instead of another.
    pub(super) fn replace(&self, before: usize, now: usize) {
        // Modulo the size of the number, as all sums of it are.
        self.used.fetch_add(now.wrapping_sub(before), Relaxed);
    }
}

impl Reserved {
    /// So many bytes, if there is room for them, or if they would never have room.
    pub(crate) fn new(connection: &Arc<Connection>, bytes: usize) -> Option<Self> {
        let most = connection.budget.most();
        let is_almost_alone = bytes > most && connection.kept() <= most / 2;
        connection.budget.replace(0, bytes);
        let reserved = Self {
            connection: Arc::downgrade(connection),
            bytes,
        };
        (is_almost_alone || connection.kept() <= most).then_some(reserved)
    }
}

impl Drop for Reserved {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.upgrade() {
            let Budget { limit, .. } = connection.budget;
            let is_much = connection.budget.used() > limit / 2;
            connection.budget.replace(self.bytes, 0);
            if is_much {
                // It may be what reading has waited for.
                connection.bell.ring(Ring::Outside);
            }
        }
    }
}
