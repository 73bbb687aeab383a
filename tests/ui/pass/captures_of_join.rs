//! Captures of the join in methods whose own pattern is without them.

#![deny(warnings)]

use phx_channels::{ChannelConn, Joined, LeaveReason, Payload, channel};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::{marker::PhantomData, str::FromStr};

#[derive(Clone, Copy, Deserialize)]
struct Id(u64);

impl FromStr for Id {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

type Name = String;

#[derive(Serialize, Deserialize)]
struct Message {
    body: String,
}

struct Room(u64);

struct Tick;

struct Chat<T>(PhantomData<T>);

#[channel]
impl<T: DeserializeOwned + FromStr + Send + Sync + 'static> Chat<T> {
    #[join("rooms:{room}:{id}")]
    async fn join(&self, room: Name, id: Id) -> Joined<Room> {
        drop(room);
        Joined::new(Room(id.0))
    }

    #[join("files:{*path}")]
    async fn files(&self, _path: &str) {}

    #[join("values:{value}")]
    async fn value(&self, value: T) {
        drop(value);
    }

    #[join("wide:{number}")]
    async fn wide(&self, number: u8) {
        let _ = number;
    }

    #[on("rooms:*", "by:value")]
    async fn by_value(&self, id: Id, room: Name) {
        let _ = (id.0, room);
    }

    // A reference to anything but text is the state, whatever its name.
    #[on("rooms:*", "state")]
    async fn state(&self, room: &mut Room, id: &str) {
        room.0 += id.len() as u64;
    }

    #[on("rooms:{kind}:*", "own:name")]
    async fn own_name(&self, kind: &str, mut room: String) {
        room.push_str(kind);
    }

    // Nobody's name.
    #[on("rooms:*", "payload")]
    async fn payload(&self, Message { body }: Message, conn: ChannelConn<'_>) {
        let _ = (body, conn);
    }

    #[on("files:*")]
    async fn path(&self, path: String, payload: Payload) {
        drop((path, payload));
    }

    #[on("values:*", "value")]
    async fn same_value(&self, value: T) {
        drop(value);
    }

    #[on("wide:*", "wider")]
    async fn wider(&self, number: i64) {
        let _ = number;
    }

    #[on("wide:*", "text")]
    async fn text(&self, number: String) {
        drop(number);
    }

    #[cfg(all())]
    #[on("wide:*", "there")]
    async fn there(&self, number: u8) {
        let _ = number;
    }

    #[cfg(any())]
    #[on("wide:*", "there")]
    async fn not_there(&self, number: Missing) {}

    #[intercept("rooms:*", "new:msg")]
    async fn out(&self, id: Id, message: Message) -> Option<Message> {
        (id.0 > 0).then_some(message)
    }

    #[info("rooms:*")]
    async fn tick(&self, _: Tick, room: &str) {
        let _ = room;
    }

    #[leave("rooms:*")]
    async fn left(&self, room: &str, reason: LeaveReason, id: Id) {
        let _ = (room, reason, id.0);
    }
}

/// The other side of a `#[cfg]` has another name for it.
struct Either;

#[channel]
impl Either {
    #[cfg(all())]
    #[join("rooms:{id}")]
    async fn by_id(&self, id: u64) {
        let _ = id;
    }

    #[cfg(any())]
    #[join("rooms:{name}")]
    async fn by_name(&self, name: &str) {}

    #[cfg(all())]
    #[on("rooms:*", "get")]
    async fn get_by_id(&self, id: u64) {
        let _ = id;
    }

    #[cfg(any())]
    #[on("rooms:*", "get")]
    async fn get_by_name(&self, name: &str) {}
}

/// A join that takes all its topics itself has no say.
struct Lobby;

#[channel]
impl Lobby {
    #[join("rooms:lobby")]
    async fn lobby(&self) {}

    #[join("rooms:{name}")]
    async fn room(&self, name: &str) {
        let _ = name;
    }

    #[on("rooms:lobby", "rename")]
    async fn rename(&self, name: Message) {
        drop(name);
    }
}

macro_rules! rooms {
    ($channel:ident, $pattern:literal, $name:ident: $ty:ty) => {
        struct $channel;

        #[channel]
        impl $channel {
            #[join($pattern)]
            async fn join(&self, $name: $ty) {
                let _ = $name;
            }

            #[on("*", "get")]
            async fn get(&self, $name: $ty) {
                let _ = $name;
            }
        }
    };
}

rooms!(Text, "text:{name}", name: &str);
rooms!(Number, "number:{name}", name: u64);

fn main() {
    let _ = channel((Chat::<u64>(PhantomData), Either, Lobby, Text, Number));
}
