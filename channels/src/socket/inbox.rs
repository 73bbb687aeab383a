use super::{Connection, JoinedTopic};
use crate::{
    info::Info,
    limits::QueueLimits,
    message::event::ChannelEvent,
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
};
use std::{
    collections::VecDeque,
    mem,
    sync::{Arc, Weak},
};

/// What comes to the joined topics of one connection from inside the server, until its loop takes it.
/// Never waited for, and bounded as the mailbox is: a letter counts until its handler takes it.
#[derive(Debug)]
pub(crate) struct Inbox {
    limits: QueueLimits,
    /// The letters that no handler has taken yet, and their bytes.
    waiting: AtomicUsize,
    bytes: AtomicUsize,
    letters: Mutex<VecDeque<Letter>>,
}

/// Something for one instance of a joined topic to handle.
#[derive(Debug)]
pub(crate) struct Letter {
    to: Weak<JoinedTopic>,
    message: Message,
    _place: Place,
}

#[derive(Debug)]
pub(crate) enum Message {
    /// A broadcast that the instance intercepts.
    Out(ChannelEvent),
    Info(Info),
    /// A task of the instance has panicked.
    TaskPanicked,
}

/// A letter's part of what waits, and of the budget of its connection.
#[derive(Debug)]
struct Place {
    connection: Weak<Connection>,
    bytes: usize,
}

/// What a letter takes besides its payload.
const ENVELOPE: usize = size_of::<Letter>();

impl Inbox {
    pub(crate) fn new(limits: QueueLimits) -> Self {
        Self {
            limits,
            waiting: AtomicUsize::new(0),
            bytes: AtomicUsize::new(0),
            letters: Mutex::default(),
        }
    }

    /// Takes all letters, in order.
    pub(crate) fn take(&self) -> VecDeque<Letter> {
        mem::take(&mut self.letters.lock())
    }
}

impl Connection {
    /// Queues a message for an instance, or gives it back if there is no room. Never waits.
    pub(super) fn push_letter(
        self: &Arc<Self>,
        to: Weak<JoinedTopic>,
        message: Message,
    ) -> Result<(), Box<Message>> {
        let Some(place) = self.place(message.len()) else {
            return Err(Box::new(message));
        };
        let letter = Letter {
            to,
            message,
            _place: place,
        };
        self.inbox.letters.lock().push_back(letter);
        Ok(())
    }

    /// A place for so many bytes: where nothing waits, for as many as there are.
    fn place(self: &Arc<Self>, bytes: usize) -> Option<Place> {
        let Inbox { limits, .. } = self.inbox;
        let letters = self.inbox.waiting.fetch_add(1, Relaxed);
        let waiting = self.inbox.bytes.fetch_add(bytes, Relaxed);
        self.budget.replace(0, bytes + ENVELOPE);
        // Given back when dropped, also if there was no room.
        let place = Place {
            connection: Arc::downgrade(self),
            bytes,
        };
        let has_room = || {
            letters < limits.frames
                && waiting + bytes <= limits.bytes
                && self.kept() <= self.budget.most()
        };
        (letters == 0 || has_room()).then_some(place)
    }
}

impl Letter {
    /// The instance, if it still lives.
    pub(crate) fn recipient(&self) -> Option<Arc<JoinedTopic>> {
        self.to.upgrade()
    }

    pub(crate) fn is_for(&self, joined: &Arc<JoinedTopic>) -> bool {
        self.to.as_ptr() == Arc::as_ptr(joined)
    }

    /// The broadcast, if the instance intercepts it.
    pub(crate) fn intercepted(&self) -> Option<&ChannelEvent> {
        match &self.message {
            Message::Out(event) => Some(event),
            Message::Info(_) | Message::TaskPanicked => None,
        }
    }

    /// Opens the letter, which makes room for another.
    pub(crate) fn open(self) -> Message {
        self.message
    }
}

impl Message {
    fn len(&self) -> usize {
        self.event().map_or(0, |event| event.payload.len())
    }

    /// The broadcast, if it is one.
    pub(crate) fn event(&self) -> Option<&ChannelEvent> {
        match self {
            Self::Out(event) => Some(event),
            Self::Info(info) => info.downcast_ref(),
            Self::TaskPanicked => None,
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.upgrade() {
            connection.inbox.waiting.fetch_sub(1, Relaxed);
            connection.inbox.bytes.fetch_sub(self.bytes, Relaxed);
            connection.budget.replace(self.bytes + ENVELOPE, 0);
        }
    }
}
