//! A state of its own for each joined topic.
//!
//! ```text
//! cargo run --release --example counter
//! ```
//!
//! Join `counter:<start>` with phoenix.js, or any other Phoenix client, at `ws://127.0.0.1:8080/socket`
//! (`HOST` and `PORT` say otherwise), and push `add` with a number. Look at the join reply, at how two
//! topics of one client count apart, and at what the server prints when you leave. `counter:many` is
//! not a number, and so there is no such topic.

use phx_channels::{Joined, LeaveReason, channel};

struct Counters;

/// How far one client has counted in one topic.
struct Count(i64);

#[channel]
impl Counters {
    #[join("counter:{start}")]
    async fn join(&self, start: i64) -> Joined<Count, i64> {
        Joined::new(Count(start)).reply(start)
    }

    #[on("counter:*", "add")]
    async fn add(&self, count: &mut Count, amount: i64) -> Result<i64, &'static str> {
        count.0 = count.0.checked_add(amount).ok_or("too much")?;
        Ok(count.0)
    }

    #[leave("counter:{start}")]
    async fn left(&self, start: &str, count: &Count, reason: LeaveReason) {
        println!("{reason:?}: counted from {start} to {}", count.0);
    }
}

fn main() {
    trillium_smol::run(channel(Counters));
}
