//! What wakes the task of a connection, and for what.

use super::Connection;
use crate::sync::{
    Mutex,
    atomic::{
        AtomicU8,
        Ordering::{AcqRel, Acquire, Release},
    },
};
use std::{
    sync::Arc,
    task::{Wake, Waker},
};

/// Why a connection is woken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Ring {
    /// A frame for the client.
    Mail = 1,
    /// A message for a joined topic.
    Letter = 1 << 1,
    /// The connection is to end.
    End = 1 << 2,
    /// The transport, a timer or a handler that waited.
    Outside = 1 << 3,
}

/// To begin with, the task looks at all of it.
const EVERYTHING: u8 =
    Ring::Mail as u8 | Ring::Letter as u8 | Ring::End as u8 | Ring::Outside as u8;

/// The task is being polled, and looks at what has rung before it sleeps.
const AWAKE: u8 = 1 << 7;

/// The one thing that wakes the task of a connection. It tells for what, so that a broadcast does not
/// cost a look at the socket, and rings once for all that comes until the task has looked.
///
/// Whoever rings has put there before what it rings for; the task takes the ring first and then looks,
/// so it sees all of it.
#[derive(Debug)]
#[repr(C)]
pub(crate) struct Bell {
    rung: AtomicU8,
    task: Mutex<Option<Waker>>,
}

impl Bell {
    pub(crate) fn new() -> Self {
        Self {
            rung: AtomicU8::new(EVERYTHING),
            task: Mutex::new(None),
        }
    }

    pub(crate) fn ring(&self, what: Ring) {
        let before = self.rung.fetch_or(what as u8, AcqRel);
        if before & (AWAKE | what as u8) == 0 {
            self.wake();
        }
    }

    /// Wakes the task, whatever has rung before.
    pub(super) fn wake(&self) {
        // Under the lock, for a clone to be woken outside of it would be counted in and out again. The task takes the
        // lock only if it has moved to another waker.
        let task = self.task.lock();
        if let Some(task) = &*task {
            task.wake_by_ref();
        }
    }
}

/// As the waker of what is outside.
impl Wake for Connection {
    fn wake(self: Arc<Self>) {
        self.bell.ring(Ring::Outside);
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.bell.ring(Ring::Outside);
    }
}

/// The task's end of a bell.
#[derive(Debug)]
pub(crate) struct Ear {
    connection: Arc<Connection>,
    /// What the bell wakes.
    task: Option<Waker>,
}

impl Ear {
    pub(super) fn new(connection: &Arc<Connection>) -> Self {
        Self {
            connection: Arc::clone(connection),
            task: None,
        }
    }

    /// Begins a turn: whoever rings from here on need not wake the task.
    pub(super) fn wake_up(&mut self, task: &Waker) {
        self.rung().fetch_or(AWAKE, Acquire);
        if !self.task.as_ref().is_some_and(|own| own.will_wake(task)) {
            self.task = Some(task.clone());
            self.set(self.task.clone());
        }
    }

    /// Whether it has rung for this, and nobody has heard it yet.
    pub(super) fn is_ringing(&self, what: Ring) -> bool {
        self.rung().load(Acquire) & what as u8 != 0
    }

    /// Whether it has rung for this, since this was last asked.
    pub(super) fn heard(&self, what: Ring) -> bool {
        let heard = || self.rung().fetch_and(!(what as u8), AcqRel) & what as u8 != 0;
        self.is_ringing(what) && heard()
    }

    /// Ends a turn, unless it has rung meanwhile. Rings of the kind that is left are neither looked at
    /// now nor do they wake the task, once there is one of them.
    pub(super) fn sleep(&self, left: Option<Ring>) -> bool {
        let left = left.map_or(0, |left| left as u8);
        let mut rung = self.rung().load(Acquire);
        loop {
            if rung & !(AWAKE | left) != 0 {
                return false;
            }
            let asleep = rung & left;
            let exchanged = self
                .rung()
                .compare_exchange_weak(rung, asleep, AcqRel, Acquire);
            match exchanged {
                Ok(_) => return true,
                Err(now) => rung = now,
            }
        }
    }

    /// Ends a turn that has left something outside for the next one: other tasks come first.
    pub(super) fn doze(&self, task: &Waker) {
        self.rung().fetch_or(Ring::Outside as u8, Release);
        self.rung().fetch_and(!AWAKE, Release);
        task.wake_by_ref();
    }

    pub(super) fn connection(&self) -> &Arc<Connection> {
        &self.connection
    }

    fn rung(&self) -> &AtomicU8 {
        &self.connection.bell.rung
    }

    fn set(&self, task: Option<Waker>) {
        *self.connection.bell.task.lock() = task;
    }
}

/// A waker keeps its task in memory, and whoever keeps the connection keeps its bell.
impl Drop for Ear {
    fn drop(&mut self) {
        self.set(None);
    }
}
