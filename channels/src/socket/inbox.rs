use super::{JoinedTopic, Limits};
use crate::{
    ChannelEvent, Info,
    sync::{
        Mutex, MutexGuard,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
};
use std::{
    collections::VecDeque,
    mem,
    sync::{Arc, PoisonError, Weak},
};

/// What comes to the joined topics of one connection from inside the server, until its loop takes it.
/// Never waited for, and bounded as the mailbox is: a letter counts until its handler takes it.
#[derive(Debug)]
pub(crate) struct Inbox {
    limits: Limits,
    load: Arc<Load>,
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
}

/// The letters that nobody has taken yet.
#[derive(Debug, Default)]
struct Load {
    letters: AtomicUsize,
    bytes: AtomicUsize,
}

/// A letter's part of the load.
#[derive(Debug)]
struct Place {
    load: Arc<Load>,
    bytes: usize,
}

impl Inbox {
    pub(crate) fn new(limits: Limits) -> Self {
        Self {
            limits,
            load: Arc::default(),
            letters: Mutex::default(),
        }
    }

    /// Queues a message for an instance, or gives it back if there is no room. Never waits.
    pub(crate) fn push(&self, to: Weak<JoinedTopic>, message: Message) -> Result<(), Box<Message>> {
        let Some(place) = self.place(message.len()) else {
            return Err(Box::new(message));
        };
        let letter = Letter {
            to,
            message,
            _place: place,
        };
        self.lock().push_back(letter);
        Ok(())
    }

    fn place(&self, bytes: usize) -> Option<Place> {
        let letters = self.load.letters.fetch_add(1, Relaxed);
        let waiting = self.load.bytes.fetch_add(bytes, Relaxed);
        // Given back when dropped, also if there was no room.
        let place = Place {
            load: Arc::clone(&self.load),
            bytes,
        };
        (letters < self.limits.frames && waiting + bytes <= self.limits.bytes).then_some(place)
    }

    /// Takes all letters, in order.
    pub(crate) fn take(&self) -> VecDeque<Letter> {
        mem::take(&mut self.lock())
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<Letter>> {
        self.letters.lock().unwrap_or_else(PoisonError::into_inner)
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
            Message::Info(_) => None,
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
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.load.letters.fetch_sub(1, Relaxed);
        self.load.bytes.fetch_sub(self.bytes, Relaxed);
    }
}
