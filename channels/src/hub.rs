//! From a topic to its members. A broadcast walks the members of its topic and nobody else.

use crate::{
    ChannelEvent, Info,
    socket::{Connection, JoinedTopic, Message},
    wire::{Content, Frame, Outbound, Serializer, Unencodable},
};
use slab::Slab;
use smol_str::SmolStr;
use std::{
    collections::HashMap,
    fmt, iter,
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
};

#[derive(Default)]
pub(crate) struct Hub {
    rooms: Mutex<HashMap<Arc<str>, Arc<Room>>>,
}

/// The members of one topic. Its lock is what gives all members the same order of broadcasts, and is
/// held for a whole fan-out: nobody waits for it with the lock of the map in hand, so that a broadcast
/// does not hold up other topics.
struct Room {
    topic: Arc<str>,
    members: Mutex<Members>,
}

#[derive(Default)]
struct Members {
    slab: Slab<Member>,
    /// The last member has left, and the room is being removed: no one may enter it any more.
    closed: bool,
}

/// Who hears what is broadcast on a topic.
#[derive(Clone)]
pub(crate) struct Member {
    pub(crate) connection: Arc<Connection>,
    /// The instance of a joined topic that this is for.
    pub(crate) joined: Weak<JoinedTopic>,
    pub(crate) hears: Hears,
}

/// What a member makes of a broadcast.
#[derive(Clone)]
pub(crate) enum Hears {
    /// It goes to the client, but for these events, which the instance intercepts.
    Out { intercepted: Arc<[SmolStr]> },
    /// The instance has subscribed from another topic.
    Info,
}

/// A place among the members of a topic, given up when dropped.
pub(crate) struct Membership {
    hub: Arc<Hub>,
    room: Arc<Room>,
    key: usize,
}

impl Hub {
    pub(crate) fn subscribe(self: &Arc<Self>, topic: &Arc<str>, member: &Member) -> Membership {
        loop {
            let room = self.room(topic);
            if let Some(key) = room.enter(member) {
                return Membership {
                    hub: Arc::clone(self),
                    room,
                    key,
                };
            }
            // Its last member is on the way to remove it.
            self.remove(&room);
        }
    }

    fn room(&self, topic: &Arc<str>) -> Arc<Room> {
        let mut rooms = lock(&self.rooms);
        let room = rooms
            .entry(Arc::clone(topic))
            .or_insert_with(|| Arc::new(Room::new(topic)));
        Arc::clone(room)
    }

    /// Removes a closed room, unless there is a new one for its topic already.
    fn remove(&self, closed: &Arc<Room>) {
        let mut rooms = lock(&self.rooms);
        let found = rooms.get(&closed.topic);
        if found.is_some_and(|room| Arc::ptr_eq(room, closed)) {
            rooms.remove(&closed.topic);
        }
    }

    /// Queues the event for every member of its topic. Never waits for one of them.
    pub(crate) fn broadcast(&self, event: &ChannelEvent) {
        if let Some(room) = self.existing(&event.topic) {
            room.broadcast(event, None);
        }
    }

    /// Tells every instance of a joined topic a value.
    pub(crate) fn tell<T: Clone + Send + 'static>(&self, topic: &str, value: T) {
        let Some(room) = self.existing(topic) else {
            return;
        };
        // Outside of the lock: cloning the value is the user's code.
        let members = room.instances();
        let values = iter::repeat_n(value, members.len());
        for (member, value) in members.into_iter().zip(values) {
            let message = Message::Info(Info::new(value));
            member.connection.tell(member.joined, message);
        }
    }

    fn existing(&self, topic: &str) -> Option<Arc<Room>> {
        lock(&self.rooms).get(topic).map(Arc::clone)
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
        if self.room.leave(self.key) {
            self.hub.remove(&self.room);
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

    /// A place for a member; `None` if the room is closed.
    fn enter(&self, member: &Member) -> Option<usize> {
        let mut members = lock(&self.members);
        (!members.closed).then(|| members.slab.insert(member.clone()))
    }

    /// Gives a place up; whether it was the last, so that the room is closed.
    fn leave(&self, key: usize) -> bool {
        let mut members = lock(&self.members);
        members.slab.try_remove(key);
        members.closed = members.slab.is_empty();
        members.closed
    }

    fn broadcast(&self, event: &ChannelEvent, except: Option<usize>) {
        let mut encoded = Encoded::default();
        for (key, member) in &lock(&self.members).slab {
            if Some(key) != except {
                member.hear(event, &mut encoded);
            }
        }
    }

    /// The members that have joined the topic itself.
    fn instances(&self) -> Vec<Member> {
        let members = lock(&self.members);
        let members = members.slab.iter().map(|(_, member)| member);
        members
            .filter(|member| matches!(member.hears, Hears::Out { .. }))
            .cloned()
            .collect()
    }
}

impl Member {
    fn hear(&self, event: &ChannelEvent, encoded: &mut Encoded) {
        let connection = &self.connection;
        let message = match &self.hears {
            Hears::Out { intercepted } if intercepted.contains(&event.event) => {
                Message::Out(event.clone())
            }
            Hears::Out { .. } => {
                if let Some(frame) = encoded.frame(event, connection.session.serializer) {
                    connection.mailbox.push(frame);
                }
                return;
            }
            Hears::Info => Message::Info(Info::new(event.clone())),
        };
        connection.tell(Weak::clone(&self.joined), message);
    }
}

/// A broadcast, encoded at most once for each serializer, and only if a member speaks it. One that a
/// serializer cannot encode is logged once.
#[derive(Default)]
struct Encoded {
    v1: Option<Result<Frame, Unencodable>>,
    v2: Option<Result<Frame, Unencodable>>,
}

impl Encoded {
    fn frame(&mut self, event: &ChannelEvent, serializer: Serializer) -> Option<Frame> {
        let frame = match serializer {
            Serializer::V1 => &mut self.v1,
            Serializer::V2 => &mut self.v2,
        };
        let frame = frame.get_or_insert_with(|| encode(event, serializer));
        frame.as_ref().ok().cloned()
    }
}

fn encode(event: &ChannelEvent, serializer: Serializer) -> Result<Frame, Unencodable> {
    // Without the sender's join_ref: phoenix.js drops frames with a join_ref that is not the
    // receiver's own (B-1).
    let encoded = serializer.encode(&Outbound {
        join_reference: None,
        reference: None,
        topic: &event.topic,
        event: &event.event,
        content: Content::Broadcast(&event.payload),
    });
    let (topic, event) = (&event.topic, &event.event);
    encoded.inspect_err(|error| {
        log::error!("broadcast `{event}` on `{topic}` not sent to some members: {error}");
    })
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Payload,
        socket::{Limits, Session},
    };
    use std::{
        task::{Context, Waker},
        thread,
    };
    use trillium::TypeSet;

    /// Members that come and go at once: whoever has entered hears what is broadcast then, and no
    /// room is left when all have gone.
    #[test]
    fn entering_and_leaving_race() {
        let hub = Arc::new(Hub::default());
        let topic: Arc<str> = "rooms:lobby".into();
        let enter_and_leave = || {
            for _ in 0..2_000 {
                let limits = Limits {
                    frames: 1_000_000,
                    bytes: usize::MAX,
                };
                let session = Session {
                    hub: Arc::clone(&hub),
                    serializer: Serializer::V2,
                    params: Payload::empty(),
                    peer_ip: None,
                };
                let connection = Arc::new(Connection::new(session, TypeSet::new(), limits));
                let member = Member {
                    connection: Arc::clone(&connection),
                    joined: Weak::new(),
                    hears: Hears::Out {
                        intercepted: Arc::default(),
                    },
                };
                let member = hub.subscribe(&topic, &member);
                let event = ChannelEvent::from_parts(Arc::clone(&topic), "x", Payload::empty());
                hub.broadcast(&event);
                let mut frames = Vec::new();
                let cx = Context::from_waker(Waker::noop());
                let heard = connection.mailbox.poll_take(&cx, 1, &mut frames);
                assert!(heard.is_ready(), "a member was not found in its room");
                drop(member);
            }
        };
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(enter_and_leave);
            }
        });
        assert!(lock(&hub.rooms).is_empty(), "a room is left behind");
    }
}
