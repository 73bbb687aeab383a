//! From a topic to its members. A broadcast walks the members of its topic and nobody else.

use crate::{
    ChannelEvent,
    socket::Mailbox,
    wire::{Frame, Outbound, Serializer},
};
use slab::Slab;
use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

#[derive(Default)]
pub(crate) struct Hub {
    rooms: Mutex<HashMap<Arc<str>, Arc<Room>>>,
}

/// The members of one topic. Its lock is what gives all members the same order of broadcasts.
struct Room {
    topic: Arc<str>,
    members: Mutex<Slab<Member>>,
}

struct Member {
    mailbox: Arc<Mailbox>,
    serializer: Serializer,
}

/// A place among the members of a topic, given up when dropped.
pub(crate) struct Membership {
    hub: Arc<Hub>,
    room: Arc<Room>,
    key: usize,
}

impl Hub {
    pub(crate) fn subscribe(
        self: &Arc<Self>,
        topic: &Arc<str>,
        serializer: Serializer,
        mailbox: Arc<Mailbox>,
    ) -> Membership {
        let mut rooms = lock(&self.rooms);
        let room = rooms
            .entry(Arc::clone(topic))
            .or_insert_with(|| Arc::new(Room::new(topic)));
        // Within the lock of the map: a room found there is not being removed.
        let key = lock(&room.members).insert(Member {
            mailbox,
            serializer,
        });
        Membership {
            hub: Arc::clone(self),
            room: Arc::clone(room),
            key,
        }
    }

    /// Queues the event for every member of its topic. Never waits for one of them.
    pub(crate) fn broadcast(&self, event: &ChannelEvent) {
        let room = lock(&self.rooms).get(&event.topic).map(Arc::clone);
        if let Some(room) = room {
            room.broadcast(event, None);
        }
    }
}

impl Membership {
    /// Broadcasts to this membership's topic without looking the topic up, and without this member
    /// where `but_me` says so.
    pub(crate) fn broadcast(&self, event: &ChannelEvent, but_me: bool) {
        self.room.broadcast(event, but_me.then_some(self.key));
    }

    pub(crate) fn topic(&self) -> &Arc<str> {
        &self.room.topic
    }
}

impl Drop for Membership {
    fn drop(&mut self) {
        let mut rooms = lock(&self.hub.rooms);
        let mut members = lock(&self.room.members);
        members.try_remove(self.key);
        if members.is_empty() {
            rooms.remove(&self.room.topic);
        }
    }
}

impl Room {
    fn new(topic: &Arc<str>) -> Self {
        Self {
            topic: Arc::clone(topic),
            members: Mutex::default(),
        }
    }

    fn broadcast(&self, event: &ChannelEvent, except: Option<usize>) {
        let mut encoded = Encoded::default();
        for (key, member) in &*lock(&self.members) {
            if Some(key) != except {
                member.mailbox.push(encoded.frame(event, member.serializer));
            }
        }
    }
}

/// A broadcast, encoded at most once for each serializer, and only if a member speaks it.
#[derive(Default)]
struct Encoded {
    v1: Option<Frame>,
    v2: Option<Frame>,
}

impl Encoded {
    fn frame(&mut self, event: &ChannelEvent, serializer: Serializer) -> Frame {
        let frame = match serializer {
            Serializer::V1 => &mut self.v1,
            Serializer::V2 => &mut self.v2,
        };
        // Without the sender's join_ref: phoenix.js drops frames with a join_ref that is not the
        // receiver's own (B-1).
        let encode = || {
            serializer.encode(&Outbound {
                join_reference: None,
                reference: None,
                topic: &event.topic,
                event: &event.event,
                payload: &event.payload,
            })
        };
        frame.get_or_insert_with(encode).clone()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl fmt::Debug for Hub {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let topics = lock(&self.rooms).len();
        f.debug_struct("Hub").field("topics", &topics).finish()
    }
}

impl fmt::Debug for Membership {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Membership")
            .field("topic", &self.room.topic)
            .field("key", &self.key)
            .finish_non_exhaustive()
    }
}
