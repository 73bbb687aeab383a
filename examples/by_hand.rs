//! The same idea without the macro: a [`ChannelHandler`] written by hand.
//!
//! ```text
//! cargo run --release --example by_hand
//! ```
//!
//! It has one room, `rooms:lobby`, and serves no page: connect phoenix.js, or any other Phoenix client,
//! to `ws://127.0.0.1:8080/socket` (`HOST` and `PORT` say otherwise). Look at what the macro saves
//! in `chat`: the matching of topics and events, the decoding, and the replies to what is wrong.

use phx_channels::{ChannelConn, ChannelEvent, ChannelHandler, async_trait, channel};

struct ChatChannel;

#[async_trait]
impl ChannelHandler for ChatChannel {
    async fn join_channel(&self, conn: ChannelConn<'_>, event: ChannelEvent) {
        if event.topic() == "rooms:lobby" {
            conn.allow_join(&event, &()).await;
            conn.broadcast(("rooms:lobby", "user:entered"));
        }
    }

    async fn incoming_message(&self, conn: ChannelConn<'_>, event: ChannelEvent) {
        if let ("rooms:lobby", "new:msg") = (event.topic(), event.event()) {
            conn.broadcast(event);
        }
    }
}

fn main() {
    trillium_smol::run(channel(ChatChannel));
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_lite::future::block_on;
    use phx_channels::{Refused, testing::TestApp};
    use serde_json::json;

    #[test]
    fn what_one_says_all_hear() -> Result<(), Refused> {
        block_on(async {
            let app = TestApp::new(&channel(ChatChannel));
            let (mut ann, mut bob) = (app.connect().await?, app.connect().await?);
            for client in [&mut ann, &mut bob] {
                client.join("rooms:lobby", json!({})).await.unwrap_ok();
            }
            ann.push("rooms:lobby", "new:msg", json!({"body": "hi"}));
            for client in [&mut ann, &mut bob] {
                let message = client.event("rooms:lobby", "new:msg").await;
                assert_eq!(message, json!({"body": "hi"}));
            }
            Ok(())
        })
    }
}
