//! An expansion under all the restrictions that clippy has, with methods named as those of the trait that it
//! implements. What is found here and is not of the code below is the macro's.

#![deny(clippy::restriction)]
#![allow(
    clippy::blanket_clippy_restriction_lints,
    clippy::arbitrary_source_item_ordering,
    clippy::implicit_return,
    clippy::missing_inline_in_public_items,
    clippy::needless_return,
    clippy::pub_with_shorthand,
    clippy::pub_without_shorthand,
    clippy::question_mark_used,
    clippy::separated_literal_suffix,
    clippy::single_call_fn,
    clippy::unseparated_literal_suffix,
    reason = "these contradict each other, or the code that a user writes"
)]

use alloc::borrow::ToOwned as _;
use phx_channels::{
    ChannelConn, ChannelEvent, Event, Joined, LeaveReason, Params, Refused, channel,
};
use serde::{Deserialize, Serialize};

extern crate alloc;

/// What the `#[join]` keeps.
#[derive(Debug, Default)]
pub struct Count(u64);

/// A payload, an event and a message.
#[derive(Clone, Debug, Deserialize, Event, Serialize)]
#[event("new:msg")]
#[expect(clippy::exhaustive_structs, reason = "whoever sends it makes one")]
pub struct Message {
    /// What it says.
    pub body: String,
}

/// A channel.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::exhaustive_structs, reason = "it is all that there is")]
pub struct Chat;

#[channel]
impl Chat {
    /// Connects.
    ///
    /// # Errors
    ///
    /// Where there is nobody.
    #[connect]
    pub async fn connect(
        &self,
        conn: ChannelConn<'_>,
        Params(message): Params<Message>,
    ) -> Result<(), Refused> {
        if message.body.is_empty() {
            return Err(Refused::new());
        }
        conn.set_id(message.body);
        Ok(())
    }

    /// Joins.
    ///
    /// # Errors
    ///
    /// Where the room has no name.
    #[join("rooms:{room}")]
    pub async fn join_channel(&self, room: &str) -> Result<Joined<Count>, &'static str> {
        if room.is_empty() {
            return Err("no name");
        }
        Ok(Joined::new(Count::default()))
    }

    /// Takes a capture, the payload and the state.
    ///
    /// # Errors
    ///
    /// Where there is nothing to say.
    #[on("rooms:{room}", "new:msg", rate = "10/s")]
    pub async fn incoming_message(
        &self,
        room: u32,
        count: &mut Count,
        message: Message,
        conn: ChannelConn<'_>,
    ) -> Result<u64, String> {
        if message.body.is_empty() || room == 0 {
            return Err("nothing to say".to_owned());
        }
        conn.broadcast(message);
        count.0 = count.0.saturating_add(1);
        Ok(count.0)
    }

    /// Takes what nobody else takes.
    #[on("*")]
    pub async fn router(&self, event: ChannelEvent) {
        drop(event);
    }

    /// Changes a broadcast.
    #[intercept("rooms:*", "new:msg")]
    pub async fn handle_out(&self, count: &Count, message: Message) -> Option<Message> {
        (count.0 < 10).then_some(message)
    }

    /// Takes a message from inside.
    #[info("rooms:*")]
    pub async fn handle_info(&self, conn: ChannelConn<'_>, message: Message) {
        conn.push(message);
    }

    /// Takes another.
    #[info("rooms:{room}")]
    pub async fn routes(&self, room: &str, conn: ChannelConn<'_>, event: ChannelEvent) {
        conn.push((conn.topic(), room, event.payload()));
    }

    /// Leaves.
    #[leave("rooms:*")]
    pub async fn leave_channel(&self, conn: ChannelConn<'_>, reason: LeaveReason) {
        if reason == LeaveReason::Left {
            conn.broadcast((conn.topic(), "left"));
        }
    }

    /// Is gone.
    #[disconnect]
    pub async fn disconnect(&self, conn: ChannelConn<'_>) {
        conn.broadcast(("rooms:1", "gone"));
    }

    /// Handles nothing.
    #[must_use]
    pub const fn declared(&self) -> bool {
        true
    }
}
