//! What it costs to get an event to its method: fifty routes of a `#[channel]` block beside a `match`
//! that was written by hand for the same topics and events.
//!
//! Measured from the decoded frame, a `ChannelEvent` on a joined topic, to the method with all of its
//! arguments. Most of that is the payload, so what is left without it is shown, too. Prints ratios;
//! nothing here fails because a machine is slow.

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
mod unrouted;

use by_hand::ByHand;
use declared::Declared;
use measured::Measurement;
use serde::Deserialize;
use std::{env, hint::black_box};
use unrouted::Unrouted;

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
    let [mut declared, mut by_hand, mut unrouted] = [const { Vec::new() }; 3];
    let mut declared_side = Measurement::new(Declared, events);
    let mut by_hand_side = Measurement::new(ByHand, events);
    let mut unrouted_side = Measurement::new(Unrouted, events);
    // In turn, so that a machine that is busy for a while is so for all.
    for _ in 0..rounds {
        declared.push(declared_side.nanoseconds());
        by_hand.push(by_hand_side.nanoseconds());
        unrouted.push(unrouted_side.nanoseconds());
    }
    if !is_bench {
        println!("it works; one short round measures nothing: `cargo bench --bench dispatch` does");
        return;
    }
    let [declared, by_hand, unrouted] = [declared, by_hand, unrouted].map(median);
    println!("an event of one of 50 routes, from the decoded frame to its method");
    println!("  declared with #[channel]   {declared:6.0} ns");
    println!("  matched by hand            {by_hand:6.0} ns");
    println!("  decoded and not routed     {unrouted:6.0} ns");
    println!(
        "  ratio to the hand-written match: {:.2}",
        declared / by_hand
    );
    let routing = (declared - unrouted) / (by_hand - unrouted);
    println!("  ratio of the routing alone: {routing:.2}");
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
