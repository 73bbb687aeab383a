//! From a topic to its members. A broadcast walks the members of its topic and nobody else.

use crate::{
    ChannelEvent, Info, Overflow, Stats, TopicStats,
    losses::Losses,
    socket::{Broadcast, Connection, JoinedTopic, Message},
    transport::CloseCode,
    watch,
    wire::{Content, Frame, Outbound, Serializer, Unencodable},
};
use slab::Slab;
use smol_str::SmolStr;
use std::{
    collections::HashMap,
    fmt, iter,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, Weak,
        atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed},
    },
};

#[derive(Default)]
pub(crate) struct Hub {
    /// By topic, the joined topics of all connections.
    topics: Arc<Rooms>,
    /// By socket id, the connections that have one. Not topics: nobody disconnects others with a
    /// message.
    sockets: Arc<Rooms>,
    connections: AtomicUsize,
    pub(crate) losses: Losses,
    pub(crate) watch: watch::Hub,
}

#[derive(Default)]
struct Rooms {
    by_name: Mutex<HashMap<Arc<str>, Arc<Room>>>,
}

/// The members of one topic. Its lock is what gives all members the same order of broadcasts, and is
/// held for a whole fan-out: nobody waits for it with the lock of the map in hand, so that a broadcast
/// does not hold up other topics.
pub(crate) struct Room {
    name: Arc<str>,
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

/// So many members share a frame: if all did, the processors would contend for its count.
const SHARED: usize = 64;

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
        /// What happens if it does not fit.
        overflow: Overflow,
        intercepted: Option<Arc<[SmolStr]>>,
    },
    /// The instance has subscribed from another topic.
    Info,
    /// Nothing: it is a connection, to be found by its id.
    Nothing,
}

/// A place among the members of a topic, given up when dropped.
pub(crate) struct Membership {
    rooms: Arc<Rooms>,
    room: Arc<Room>,
    key: usize,
    joined: watch::Joined,
}

impl Hub {
    pub(crate) fn subscribe(&self, topic: &Arc<str>, member: &Member) -> Membership {
        self.topics.enter(topic, member)
    }

    /// Lets a connection be found by its socket id.
    pub(crate) fn identify(&self, id: &Arc<str>, connection: &Arc<Connection>) -> Membership {
        let member = Member {
            connection: Arc::clone(connection),
            serializer: connection.session.serializer,
            joined: Weak::new(),
            hears: Hears::Nothing,
        };
        self.sockets.enter(id, &member)
    }

    /// Queues the event for every member of its topic. Never waits for one of them.
    pub(crate) fn broadcast(&self, event: &ChannelEvent) {
        if let Some(room) = self.topics.room(&event.topic) {
            room.broadcast(event, None);
        }
    }

    /// Tells every instance of a joined topic a value.
    pub(crate) fn tell<T: Clone + Send + 'static>(&self, topic: &str, value: T) {
        let Some(room) = self.topics.room(topic) else {
            return;
        };
        // Outside of the lock: cloning the value is the user's code.
        let mut members = room.members();
        members.retain(Member::is_joined);
        let values = iter::repeat_n(value, members.len());
        for (member, value) in members.into_iter().zip(values) {
            let message = Message::Info(Info::new(value));
            member.connection.tell(&member.joined, message);
        }
    }

    /// Counts a connection that is closed because something on a topic does not fit.
    pub(crate) fn count_overflow(&self, topic: &str) {
        self.losses.count(Overflow::Disconnect);
        self.watch.overflowed(|| self.topics.room(topic));
    }

    pub(crate) fn connected(&self) {
        self.connections.fetch_add(1, Relaxed);
    }

    pub(crate) fn disconnected(&self) {
        self.connections.fetch_sub(1, Relaxed);
    }

    pub(crate) fn stats(&self) -> Stats {
        let topics = self.topics();
        Stats {
            connections: self.connections.load(Relaxed),
            joined_topics: topics.iter().map(|topic| topic.members).sum(),
            topics: topics.len(),
            dropped_oldest: self.losses.counted(Overflow::DropOldest),
            dropped_newest: self.losses.counted(Overflow::DropNewest),
            dropped_latest: self.losses.counted(Overflow::Latest),
            overflow_closes: self.losses.counted(Overflow::Disconnect),
        }
    }

    /// The topics that somebody has joined, and not only subscribed to.
    pub(crate) fn topics(&self) -> Vec<TopicStats> {
        let rooms = self.topics.all();
        let topics = rooms.iter().map(|room| room.stats());
        topics.filter(|topic| topic.members > 0).collect()
    }

    /// Closes every connection with this socket id.
    pub(crate) fn disconnect(&self, id: &str) {
        let room = self.sockets.room(id);
        for member in room.iter().flat_map(|room| room.members()) {
            member.connection.close(CloseCode::Disconnected);
        }
    }
}

impl Rooms {
    fn room(&self, name: &str) -> Option<Arc<Room>> {
        lock(&self.by_name).get(name).map(Arc::clone)
    }

    /// All rooms, to be looked at without the lock of the map in hand.
    fn all(&self) -> Vec<Arc<Room>> {
        lock(&self.by_name).values().map(Arc::clone).collect()
    }

    fn enter(self: &Arc<Self>, name: &Arc<str>, member: &Member) -> Membership {
        loop {
            let room = self.room_or_new(name);
            if let Some(key) = room.enter(member) {
                let rooms = Arc::clone(self);
                return Membership {
                    rooms,
                    room,
                    key,
                    joined: watch::Joined::default(),
                };
            }
            // Its last member is on the way to remove it.
            self.remove(&room);
        }
    }

    fn room_or_new(&self, name: &Arc<str>) -> Arc<Room> {
        let mut rooms = lock(&self.by_name);
        let room = rooms
            .entry(Arc::clone(name))
            .or_insert_with(|| Arc::new(Room::new(name)));
        Arc::clone(room)
    }

    /// Removes a closed room, unless there is a new one of its name already.
    fn remove(&self, closed: &Arc<Room>) {
        let mut rooms = lock(&self.by_name);
        let found = rooms.get(&closed.name);
        if found.is_some_and(|room| Arc::ptr_eq(room, closed)) {
            rooms.remove(&closed.name);
        }
    }
}

impl Membership {
    /// Counts this as a joined topic, of this pattern.
    pub(crate) fn counted(mut self, pattern: &'static str) -> Self {
        self.joined = self.room.watch.joined(pattern);
        self
    }

    /// Broadcasts to this membership's topic without looking the topic up, and without this member
    /// where `but_me` says so.
    pub(crate) fn broadcast(&self, event: &ChannelEvent, but_me: bool) {
        self.room.broadcast(event, but_me.then_some(self.key));
    }

    pub(crate) fn topic(&self) -> &Arc<str> {
        &self.room.name
    }

    pub(crate) fn room(&self) -> &Arc<Room> {
        &self.room
    }
}

impl Drop for Membership {
    fn drop(&mut self) {
        if self.room.leave(self.key) {
            self.rooms.remove(&self.room);
        }
    }
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

    fn stats(&self) -> TopicStats {
        TopicStats {
            topic: Arc::clone(&self.name),
            members: lock(&self.members).joined,
            dropped: self.dropped.load(Relaxed),
        }
    }

    /// A place for a member; `None` if the room is closed.
    fn enter(&self, member: &Member) -> Option<usize> {
        let mut members = lock(&self.members);
        if members.closed {
            return None;
        }
        members.joined += usize::from(member.is_joined());
        Some(members.slab.insert(member.clone()))
    }

    /// Gives a place up; whether it was the last, so that the room is closed.
    fn leave(&self, key: usize) -> bool {
        let mut members = lock(&self.members);
        let left = members.slab.try_remove(key);
        members.joined -= left.map_or(0, |member| usize::from(member.is_joined()));
        members.closed = members.slab.is_empty();
        members.closed
    }

    fn broadcast(self: &Arc<Self>, event: &ChannelEvent, except: Option<usize>) {
        let mut encoded = Encoded::default();
        let members = lock(&self.members);
        for (number, (key, member)) in members.slab.iter().enumerate() {
            if number % SHARED == 0 {
                encoded.renew();
            }
            if Some(key) != except {
                member.hear(event, self, &mut encoded);
            }
        }
        let deliveries = members.slab.len() - usize::from(except.is_some());
        self.watch.broadcast(deliveries);
    }

    fn members(&self) -> Vec<Member> {
        let members = lock(&self.members);
        members
            .slab
            .iter()
            .map(|(_, member)| member.clone())
            .collect()
    }
}

impl Member {
    fn is_joined(&self) -> bool {
        matches!(self.hears, Hears::Out { .. })
    }

    fn hear(&self, event: &ChannelEvent, room: &Arc<Room>, encoded: &mut Encoded) {
        let connection = &self.connection;
        match &self.hears {
            Hears::Out {
                intercepted: Some(intercepted),
                overflow,
            } if intercepted.contains(&event.event) => {
                connection.tell_out(&self.joined, event, *overflow, room);
            }
            Hears::Out {
                overflow: Overflow::Disconnect,
                ..
            } => {
                if let Some(frame) = encoded.frame(event, self.serializer) {
                    connection.push(frame.clone(), || (&event.topic, &event.event));
                }
            }
            Hears::Out { overflow, .. } => {
                if let Some(broadcast) = encoded.droppable(event, self.serializer, room) {
                    connection.push_broadcast(*overflow, broadcast);
                }
            }
            Hears::Info => {
                let message = Message::Info(Info::new(event.clone()));
                connection.tell(&self.joined, message);
            }
            Hears::Nothing => {}
        }
    }
}

/// A broadcast, encoded once for each serializer and [`SHARED`] members at most, and only if a member
/// speaks it. One that a serializer cannot encode is logged once.
#[derive(Default)]
struct Encoded {
    v1: Encoding,
    v2: Encoding,
}

#[derive(Default)]
struct Encoding {
    frame: Option<Result<Frame, Unencodable>>,
    /// The same for members that may miss it.
    droppable: Option<Arc<Broadcast>>,
}

impl Encoded {
    fn renew(&mut self) {
        for encoding in [&mut self.v1, &mut self.v2] {
            encoding.frame.take_if(|frame| frame.is_ok());
            encoding.droppable = None;
        }
    }

    fn frame(&mut self, event: &ChannelEvent, serializer: Serializer) -> Option<&Frame> {
        let encoding = self.encoding(serializer);
        let frame = encoding
            .frame
            .get_or_insert_with(|| encode(event, serializer));
        frame.as_ref().ok()
    }

    fn droppable(
        &mut self,
        event: &ChannelEvent,
        serializer: Serializer,
        room: &Arc<Room>,
    ) -> Option<&Arc<Broadcast>> {
        if self.encoding(serializer).droppable.is_none() {
            let broadcast = self.frame(event, serializer).map(|frame| Broadcast {
                frame: frame.clone(),
                room: Arc::clone(room),
                event: event.event.clone(),
            });
            self.encoding(serializer).droppable = broadcast.map(Arc::new);
        }
        self.encoding(serializer).droppable.as_ref()
    }

    fn encoding(&mut self, serializer: Serializer) -> &mut Encoding {
        match serializer {
            Serializer::V1 => &mut self.v1,
            Serializer::V2 => &mut self.v2,
        }
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
        f.debug_struct("Hub")
            .field("topics", &lock(&self.topics.by_name).len())
            .field("sockets", &lock(&self.sockets.by_name).len())
            .field("losses", &self.losses)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Room {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Room")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Membership {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Membership")
            .field("room", &self.room.name)
            .field("key", &self.key)
            .field("joined", &self.joined)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Config, Payload, socket::Session, transport::Timer};
    use arrayvec::ArrayVec;
    use futures_util::future::{BoxFuture, pending};
    use std::{
        thread,
        time::{Duration, Instant},
    };
    use trillium::TypeSet;

    /// No time passes here.
    #[derive(Debug)]
    struct NoTimer;

    impl Timer for NoTimer {
        fn now(&self) -> Instant {
            Instant::now()
        }

        fn delay(&self, _: Duration) -> BoxFuture<'static, ()> {
            Box::pin(pending())
        }
    }

    /// Members that come and go at once: whoever has entered hears what is broadcast then, and no
    /// room is left when all have gone.
    #[test]
    fn entering_and_leaving_race() {
        let hub = Arc::new(Hub::default());
        let topic: Arc<str> = "rooms:lobby".into();
        let config = Arc::new(Config::new().mailbox(1_000_000, usize::MAX));
        let enter_and_leave = || {
            for _ in 0..2_000 {
                let session = Session {
                    hub: Arc::clone(&hub),
                    timer: Arc::new(NoTimer),
                    serializer: Serializer::V2,
                    params: Payload::empty(),
                    peer_ip: None,
                    auth_token: None,
                    id: None,
                };
                let connection = Arc::new(Connection::new(session, TypeSet::new(), &config));
                let member = Member {
                    connection: Arc::clone(&connection),
                    serializer: Serializer::V2,
                    joined: Weak::new(),
                    hears: Hears::Out {
                        overflow: Overflow::Disconnect,
                        intercepted: None,
                    },
                };
                let member = hub.subscribe(&topic, &member);
                let event = ChannelEvent::from_parts(Arc::clone(&topic), "x", Payload::empty());
                hub.broadcast(&event);
                let mut frames = ArrayVec::<_, 1>::new();
                connection.mailbox.take(1, &mut frames);
                assert!(!frames.is_empty(), "a member was not found in its room");
                drop(member);
            }
        };
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(enter_and_leave);
            }
        });
        assert!(
            lock(&hub.topics.by_name).is_empty(),
            "a room is left behind"
        );
    }
}
