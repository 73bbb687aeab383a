use super::encoded::Encoded;
use crate::{
    info::Info,
    message::event::ChannelEvent,
    overflow::Overflow,
    socket::{Connection, JoinedTopic, Message},
    stats::TopicStats,
    sync::Mutex,
    watch,
    wire::Serializer,
};
use slab::Slab;
use smol_str::SmolStr;
use std::{
    fmt,
    sync::{
        Arc, Weak,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
};

/// The members of one topic. Its lock is what gives all members the same order of broadcasts, and is
/// held for a whole fan-out: nobody waits for it with the lock of the map in hand, so that a broadcast
/// does not hold up other topics.
pub(crate) struct Room {
    pub(super) name: Arc<str>,
    members: Mutex<Members>,
    /// Broadcasts that a member did not get.
    dropped: AtomicU64,
    pub(crate) watch: watch::Room,
}

#[derive(Default)]
struct Members {
    slab: Slab<Member>,
    /// Those of them that are joined topics of a client.
    joined: usize,
    /// The last member has left, and the room is being removed: no one may enter it any more.
    closed: bool,
}

/// Who hears what is broadcast on a topic.
#[derive(Clone)]
pub(crate) struct Member {
    pub(crate) connection: Arc<Connection>,
    /// The connection's, at hand.
    pub(crate) serializer: Serializer,
    /// The instance of a joined topic that this is for.
    pub(crate) joined: Weak<JoinedTopic>,
    pub(crate) hears: Hears,
}

/// What a member makes of a broadcast.
#[derive(Clone)]
pub(crate) enum Hears {
    /// It goes to the client, but for the events that the instance intercepts, if there are any.
    Out {
        /// What happens if it does not fit, where the event itself does not say it.
        overflow: Overflow,
        intercepted: Option<Arc<[SmolStr]>>,
    },
    /// The instance has subscribed from another topic.
    Info,
    /// Nothing: it is a connection, to be found by its id.
    Nothing,
}

impl Room {
    pub(crate) fn new(name: &Arc<str>) -> Self {
        Self {
            name: Arc::clone(name),
            members: Mutex::default(),
            dropped: AtomicU64::new(0),
            watch: watch::Room::default(),
        }
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn count_drop(&self, overflow: Overflow) {
        self.dropped.fetch_add(1, Relaxed);
        self.watch.dropped(overflow);
    }

    pub(super) fn stats(&self) -> TopicStats {
        TopicStats {
            topic: Arc::clone(&self.name),
            members: self.members.lock().joined,
            dropped: self.dropped.load(Relaxed),
        }
    }

    /// A place for a member; `None` if the room is closed.
    pub(super) fn enter(&self, member: &Member) -> Option<usize> {
        let mut members = self.members.lock();
        if members.closed {
            return None;
        }
        members.joined += usize::from(member.is_joined());
        Some(members.slab.insert(member.clone()))
    }

    /// Gives a place up; whether it was the last, so that the room is closed.
    pub(super) fn leave(&self, key: usize) -> bool {
        let mut members = self.members.lock();
        let left = members.slab.try_remove(key);
        members.joined -= left.map_or(0, |member| usize::from(member.is_joined()));
        members.closed = members.slab.is_empty();
        members.closed
    }

    pub(super) fn broadcast(self: &Arc<Self>, event: &ChannelEvent, except: Option<usize>) {
        let mut encoded = Encoded::default();
        let members = self.members.lock();
        for (key, member) in &members.slab {
            if Some(key) != except {
                member.hear(event, self, &mut encoded);
            }
        }
        let deliveries = members.slab.len() - usize::from(except.is_some());
        self.watch.broadcast(deliveries);
    }

    pub(super) fn members(&self) -> Vec<Member> {
        let members = self.members.lock();
        members
            .slab
            .iter()
            .map(|(_, member)| member.clone())
            .collect()
    }
}

impl Member {
    pub(super) fn is_joined(&self) -> bool {
        matches!(self.hears, Hears::Out { .. })
    }

    fn hear(&self, event: &ChannelEvent, room: &Arc<Room>, encoded: &mut Encoded) {
        let connection = &self.connection;
        match &self.hears {
            Hears::Out {
                intercepted: Some(intercepted),
                overflow,
            } if intercepted.contains(&event.event) => {
                let overflow = event.overflow.unwrap_or(*overflow);
                connection.tell_out(&self.joined, event, overflow, room);
            }
            Hears::Out { overflow, .. } => match event.overflow.unwrap_or(*overflow) {
                Overflow::Disconnect => {
                    if let Some(frame) = encoded.frame(event, self.serializer, connection) {
                        connection.push(frame.clone(), || (&event.topic, &event.event));
                    }
                }
                overflow => {
                    if let Some(broadcast) =
                        encoded.droppable(event, self.serializer, connection, room)
                    {
                        connection.push_broadcast(overflow, broadcast);
                    }
                }
            },
            Hears::Info => {
                let message = Message::Info(Info::new(event.clone()));
                connection.tell(&self.joined, message);
            }
            Hears::Nothing => {}
        }
    }
}

impl fmt::Debug for Room {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Room")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}
