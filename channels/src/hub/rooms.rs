use super::room::{Member, Room};
use crate::{message::event::ChannelEvent, sync::Mutex, watch};
use std::{collections::HashMap, fmt, sync::Arc};

/// By name, all that have members.
#[derive(Default)]
pub(super) struct Rooms {
    by_name: Mutex<HashMap<Arc<str>, Arc<Room>>>,
}

/// A place among the members of a topic, given up when dropped.
pub(crate) struct Membership {
    rooms: Arc<Rooms>,
    room: Arc<Room>,
    key: usize,
    joined: watch::Joined,
}

impl Rooms {
    pub(super) fn room(&self, name: &str) -> Option<Arc<Room>> {
        self.by_name.lock().get(name).map(Arc::clone)
    }

    pub(super) fn len(&self) -> usize {
        self.by_name.lock().len()
    }

    /// All rooms, to be looked at without the lock of the map in hand.
    pub(super) fn all(&self) -> Vec<Arc<Room>> {
        self.by_name.lock().values().map(Arc::clone).collect()
    }

    pub(super) fn enter(self: &Arc<Self>, name: &Arc<str>, member: &Member) -> Membership {
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
        let mut rooms = self.by_name.lock();
        let room = rooms
            .entry(Arc::clone(name))
            .or_insert_with(|| Arc::new(Room::new(name)));
        Arc::clone(room)
    }

    /// Removes a closed room, unless there is a new one of its name already.
    fn remove(&self, closed: &Arc<Room>) {
        let mut rooms = self.by_name.lock();
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

impl fmt::Debug for Membership {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Membership")
            .field("room", &self.room.name)
            .field("key", &self.key)
            .field("joined", &self.joined)
            .finish_non_exhaustive()
    }
}
