//! What it costs to get an event to its method: fifty routes of a `#[channel]` block beside a `match`
//! that was written by hand for the same topics and events.
//!
//! Measured from the decoded frame, a `ChannelEvent` on a joined topic, to the method with all of its
//! arguments. Prints a ratio; nothing here fails because a machine is slow.

#![allow(
    clippy::unused_async,
    clippy::unused_self,
    reason = "both sides call methods of the same kind"
)]
#![allow(
    clippy::unwrap_used,
    reason = "a benchmark that panics says that it does not work"
)]

mod by_hand;
mod declared;
mod measured;

use by_hand::ByHand;
use declared::Declared;
use measured::Measurement;
use serde::Deserialize;
use std::{env, hint::black_box};

/// What all the events carry.
#[derive(Deserialize)]
pub(crate) struct Message {
    id: u32,
    body: String,
}

/// All that the methods do: nobody may leave out what they were given.
pub(crate) fn arrived<C>(captures: C, message: &Message) {
    black_box((captures, message.id, &message.body));
}

const TOPICS: [&str; 10] = [
    "rooms:lobby",
    "rooms:lobby:members:17",
    "games:4711",
    "games:4711:players:ann",
    "boards:roadmap:lists:2:cards:99",
    "users:12",
    "users:12:inbox",
    "shops:corner:orders:80001",
    "feeds:news:365",
    "docs:readme:cursors:bob",
];

const EVENTS: [&str; 5] = ["new", "edit", "read", "move", "drop"];

fn main() {
    // `cargo test` runs this as well, to see that it works.
    let is_bench = env::args().any(|argument| argument == "--bench");
    let (rounds, events) = if is_bench { (21, 2_000) } else { (1, 10) };
    let mut declared = Vec::new();
    let mut by_hand = Vec::new();
    let mut declared_side = Measurement::new(Declared, events);
    let mut by_hand_side = Measurement::new(ByHand, events);
    for _ in 0..rounds {
        declared.push(declared_side.nanoseconds());
        by_hand.push(by_hand_side.nanoseconds());
    }
    let (declared, by_hand) = (median(declared), median(by_hand));
    println!("an event of one of 50 routes, from the decoded frame to its method");
    println!("  declared with #[channel]   {declared:6.0} ns");
    println!("  matched by hand            {by_hand:6.0} ns");
    println!(
        "  ratio to the hand-written match: {:.2}",
        declared / by_hand
    );
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
