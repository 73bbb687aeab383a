//! An expansion of every attribute with every kind of argument.
//!
//! What clippy finds here it would find in the code of users, who cannot change it.

use phx_channels::{
    ChannelConn, ChannelEvent, Event, FromEvent, Joined, LeaveReason, Params, Payload, Pusher,
    Refused, Reply, ReplyTo, channel,
};
use serde::{Deserialize, Serialize};

/// Channels that have all of it.
pub mod all {
    use super::{
        ChannelConn, ChannelEvent, Deserialize, Event, FromEvent, Joined, LeaveReason, Params,
        Payload, Pusher, Refused, Reply, ReplyTo, Serialize, channel,
    };
    use ::core::{option::Option as Maybe, result::Result as Outcome};

    /// Not the crate.
    pub mod core {}

    /// Not the crate.
    pub mod std {}

    /// Not the one of the prelude.
    #[derive(Clone, Debug, Serialize, Deserialize, Event)]
    #[event("option")]
    pub struct Option;

    /// Not the one of the prelude.
    #[derive(Clone, Debug, Serialize, Deserialize, Event)]
    pub struct Result;

    /// Not the one of the prelude.
    #[derive(Clone, Debug, Serialize, Deserialize, Event)]
    pub struct Some;

    /// What the `#[join]` keeps.
    #[derive(Debug, Default)]
    pub struct Count(u64);

    /// A payload, an event and a message.
    #[derive(Clone, Debug, Serialize, Deserialize, Event)]
    #[event("new:msg")]
    pub struct Message {
        /// What it says.
        pub body: String,
    }

    /// An extractor.
    #[derive(Clone, Copy, Debug)]
    pub struct User;

    impl<'event> FromEvent<'event> for User {
        type Rejection = &'static str;

        fn from_event(conn: ChannelConn<'event>, _: &ChannelEvent) -> Outcome<Self, &'static str> {
            conn.state().copied().ok_or("nobody")
        }
    }

    /// A channel.
    #[derive(Debug)]
    pub struct Chat {
        name: String,
    }

    #[channel]
    impl Chat {
        /// Makes one.
        #[must_use]
        pub const fn new(name: String) -> Self {
            Self { name }
        }

        /// Connects.
        ///
        /// # Errors
        ///
        /// Where somebody does not know the name.
        #[connect]
        pub async fn connect(
            &self,
            conn: ChannelConn<'_>,
            Params(message): Params<Message>,
        ) -> Outcome<(), Refused> {
            if message.body == self.name {
                conn.insert_state(User);
                Ok(())
            } else {
                Err(Refused::new())
            }
        }

        /// Joins, with a state.
        #[join("rooms:{room}")]
        pub async fn join(&self, room: u32, user: User, pusher: Pusher) -> Joined<Count, u32> {
            drop((user, pusher));
            Joined::new(Count::default()).reply(room)
        }

        /// Joins, without one.
        ///
        /// # Errors
        ///
        /// Where there is no such room.
        #[join("lobby:{*rest}")]
        pub async fn lobby(&self, rest: &str, payload: Payload) -> Outcome<Message, String> {
            if payload.as_json().is_none_or(str::is_empty) {
                return Err(rest.into());
            }
            Ok(Message { body: rest.into() })
        }

        /// Takes a capture, a payload and the state.
        ///
        /// # Errors
        ///
        /// Where there is nothing to say.
        #[on("rooms:{room}", "new:msg")]
        pub async fn new_msg(
            &self,
            room: &str,
            count: &mut Count,
            message: Message,
            conn: ChannelConn<'_>,
        ) -> Outcome<u64, &'static str> {
            if message.body.is_empty() || room.is_empty() {
                return Err("nothing to say");
            }
            conn.broadcast(message);
            count.0 = count.0.saturating_add(1);
            Ok(count.0)
        }

        /// Takes no argument, and does not use `self`.
        #[on("rooms:*", "ping")]
        pub async fn ping(&self) {}

        /// Answers in its own words, to what has names of the prelude.
        #[on("rooms:{_room}", "odd")]
        pub async fn odd(&self, _room: &str, (odd, result, some): (Option, Result, Some)) -> Reply {
            Reply::new("odd", &(odd, result, some))
        }

        /// Answers later.
        #[on("lobby:*", "later")]
        pub async fn later(&self, reply: ReplyTo) {
            reply.ok(&self.name);
        }

        /// Takes what nobody else takes.
        #[on("*")]
        pub async fn other(&self, event: ChannelEvent, user: User) {
            drop((event, user));
        }

        /// Changes a broadcast.
        #[intercept("rooms:*", "new:msg")]
        pub async fn for_member(&self, count: &Count, message: Message) -> Maybe<Message> {
            (count.0 < 10).then_some(message)
        }

        /// Takes a message from inside.
        #[info("rooms:{room}")]
        pub async fn told(&self, room: String, conn: ChannelConn<'_>, message: Message) {
            conn.push((room, "told", message));
        }

        /// Takes another.
        #[info("rooms:*")]
        pub async fn heard(&self, count: &mut Count, event: ChannelEvent) {
            count.0 = 0;
            drop(event);
        }

        /// Leaves.
        #[leave("rooms:*")]
        pub async fn leave(&self, count: &Count, reason: LeaveReason) {
            let _: (u64, LeaveReason) = (count.0, reason);
        }

        /// Is gone. Others are not to call it.
        #[deprecated]
        #[disconnect]
        pub async fn gone(&self, conn: ChannelConn<'_>) {
            let _: ChannelConn<'_> = conn;
        }
    }

    /// A channel with a parameter.
    #[derive(Debug)]
    pub struct Generic<T>(T);

    #[channel]
    impl<T> Generic<T>
    where
        T: Clone + Send + Sync + 'static,
    {
        /// Joins.
        #[join("generic")]
        pub async fn join(&self) -> Joined<T> {
            Joined::new(self.0.clone())
        }

        /// Takes the state.
        #[on("generic", "get")]
        pub async fn get(&self, state: &mut T) {
            state.clone_from(&self.0);
        }
    }
}
