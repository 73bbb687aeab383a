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

#[cfg(test)]
mod tests {
    use super::*;
    use futures_lite::future::block_on;
    use phx_channels::{Refused, testing::TestApp};
    use serde_json::json;

    #[test]
    fn each_topic_counts_for_itself() -> Result<(), Refused> {
        block_on(async {
            let app = TestApp::new(&channel(Counters));
            let mut client = app.connect().await?;
            for start in [5, 100] {
                let joined = client.join(&format!("counter:{start}"), json!({})).await;
                assert_eq!(joined.unwrap_ok(), json!(start));
            }
            for (topic, sum) in [("counter:5", 6), ("counter:100", 101), ("counter:5", 7)] {
                let reply = client.call(topic, "add", 1).await;
                assert_eq!(reply.unwrap_ok(), json!(sum));
            }
            let refused = client.join("counter:many", json!({})).await;
            assert_eq!(refused.unwrap_error(), json!({"reason": "unmatched topic"}));
            Ok(())
        })
    }
}
