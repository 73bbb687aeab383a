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

    pub(crate) fn limit(&self) -> usize {
        self.limit
    }

    pub(crate) fn used(&self) -> usize {
        self.used.load(Relaxed)
    }

    /// What is left, if nothing is in the mailbox.
    pub(crate) fn left(&self) -> usize {
        self.limit.saturating_sub(self.used())
    }

    /// Counts one number of bytes instead of another.
    pub(super) fn replace(&self, before: usize, now: usize) {
        // Modulo the size of the number, as all sums of it are.
        self.used.fetch_add(now.wrapping_sub(before), Relaxed);
    }
}

impl Reserved {
    /// So many bytes, whether or not there is room for them.
    pub(crate) fn new(connection: &Arc<Connection>, bytes: usize) -> Self {
        connection.budget.replace(0, bytes);
        Self {
            connection: Arc::downgrade(connection),
            bytes,
        }
    }

    /// So many bytes, if there is room for them.
    pub(crate) fn within_budget(connection: &Arc<Connection>, bytes: usize) -> Option<Self> {
        let reserved = Self::new(connection, bytes);
        (connection.kept() <= connection.budget.limit()).then_some(reserved)
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
