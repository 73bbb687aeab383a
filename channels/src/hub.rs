//! From a topic to its members. A broadcast walks the members of its topic and nobody else.

mod encoded;
mod room;
mod rooms;

pub(crate) use room::{Hears, Member, Room};
pub(crate) use rooms::Membership;

use crate::{
    close::CloseCode,
    config::Config,
    info::Info,
    limits::Clients,
    logging::Throttles,
    losses::Losses,
    message::event::ChannelEvent,
    overflow::Overflow,
    socket::{Connection, Message},
    stats::{Stats, TopicStats},
    watch,
};
use rooms::Rooms;
use std::{
    fmt, iter,
    sync::{
        Arc, Weak,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
};

pub(crate) struct Hub {
    /// By topic, the joined topics of all connections.
    topics: Arc<Rooms>,
    /// By socket id, the connections that have one. Not topics: nobody disconnects others with a
    /// message.
    sockets: Arc<Rooms>,
    connections: AtomicUsize,
    /// Of a payload that is sent, in bytes: that of the configuration.
    max_outgoing_size: AtomicUsize,
    pub(crate) losses: Losses,
    pub(crate) throttles: Throttles,
    /// What clients have used of their rates.
    pub(crate) clients: Clients,
    pub(crate) watch: watch::Hub,
}

impl Default for Hub {
    fn default() -> Self {
        Self {
            topics: Arc::default(),
            sockets: Arc::default(),
            connections: AtomicUsize::default(),
            max_outgoing_size: AtomicUsize::new(Config::new().max_outgoing_size),
            losses: Losses::default(),
            throttles: Throttles::default(),
            clients: Clients::default(),
            watch: watch::Hub::default(),
        }
    }
}

impl Hub {
    pub(crate) fn configure(&self, config: &Config) {
        self.max_outgoing_size
            .store(config.max_outgoing_size, Relaxed);
    }

    pub(crate) fn max_outgoing_size(&self) -> usize {
        self.max_outgoing_size.load(Relaxed)
    }

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

    /// Whether anybody hears what is broadcast on the topic.
    pub(crate) fn has_topic(&self, topic: &str) -> bool {
        self.topics.room(topic).is_some()
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

impl fmt::Debug for Hub {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hub")
            .field("topics", &self.topics.len())
            .field("sockets", &self.sockets.len())
            .field("losses", &self.losses)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        clock::Timer, message::payload::Payload, overflow::Overflow, socket::Session,
        wire::Serializer,
    };
    use arrayvec::ArrayVec;
    use futures_util::future::{BoxFuture, pending};
    use std::{
        sync::Weak,
        thread,
        time::{Duration, Instant},
    };
    use trillium::TypeSet;

    /// No time passes here.
    #[derive(Debug)]
    struct NoTimer;

    impl Timer for NoTimer {
        fn spawn(&self, _: BoxFuture<'static, ()>) {}

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
        assert!(hub.topics.all().is_empty(), "a room is left behind");
    }
}
