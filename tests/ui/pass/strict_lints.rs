//! The expansion is quiet under lints that its users may have set.

#![deny(
    warnings,
    missing_docs,
    missing_debug_implementations,
    unreachable_pub,
    unused_qualifications,
    unused_results,
    unreachable_code,
    single_use_lifetimes,
    unused_lifetimes,
    trivial_casts,
    let_underscore_drop,
    elided_lifetimes_in_paths,
    rust_2018_idioms,
    nonstandard_style
)]
#![forbid(unsafe_code)]

use phx_channels::{ChannelConn, Event, LeaveReason, Refused, channel};
use serde::{Deserialize, Serialize};

/// A channel.
#[derive(Debug)]
pub struct Chat;

/// A payload.
#[derive(Debug, Serialize, Deserialize, Event)]
pub struct Message {
    text: String,
}

#[channel]
impl Chat {
    /// Connects.
    #[connect]
    pub async fn connect(&self, conn: ChannelConn<'_>) -> Result<(), Refused> {
        if conn.topic().is_empty() { Ok(()) } else { Err(Refused::new()) }
    }

    /// Joins.
    #[join("rooms:{room}")]
    pub async fn join(&self, room: u32) -> Result<u32, u32> {
        Ok(room)
    }

    /// Answers.
    #[on("rooms:{room}", "message")]
    pub async fn message(&self, message: Message, room: &str) -> Result<Message, String> {
        if room.is_empty() { Err(room.to_owned()) } else { Ok(message) }
    }

    /// Answers nothing.
    #[on("rooms:{_room}")]
    pub async fn other(&self, _room: &str) {}

    /// Leaves.
    #[leave("rooms:*")]
    pub async fn leave(&self, reason: LeaveReason) {
        let _ = reason;
    }

    /// Disconnects.
    #[disconnect]
    pub async fn disconnect(&self) {}
}

fn main() {
    drop(channel(Chat));
}
