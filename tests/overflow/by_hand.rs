//! Handlers that are written by hand.

use crate::app::{hang, messages, read_on};
use futures_lite::future::block_on;
use phx_channels::{
    ChannelConn, ChannelEvent, ChannelHandler, Overflow, async_trait, channel, testing::TestApp,
};
use serde_json::json;

/// The topic says which policy, and when it is said.
struct ByHand;

#[async_trait]
impl ChannelHandler for ByHand {
    async fn join_channel(&self, conn: ChannelConn<'_>, event: ChannelEvent) {
        match event.topic() {
            "oldest" => conn.overflow(Overflow::DropOldest),
            "latest" => conn.overflow(Overflow::Latest),
            "undecided" => return conn.overflow(Overflow::Latest),
            _ => {}
        }
        conn.allow_join(&event, &()).await;
        conn.overflow(Overflow::DropNewest);
    }
}

/// Takes what the one before it leaves.
struct Rest;

#[async_trait]
impl ChannelHandler for Rest {
    async fn join_channel(&self, conn: ChannelConn<'_>, event: ChannelEvent) {
        conn.allow_join(&event, &()).await;
    }
}

async fn heard<H: ChannelHandler>(app: &TestApp<H>, topic: &str) -> Vec<String> {
    let mut client = app.connect().await.unwrap();
    client.join(topic, json!(null)).await.unwrap_ok();
    hang(&client);
    for n in 0..5 {
        let payload = json!({ "n": n });
        app.broadcaster().broadcast((topic, "n", &payload));
    }
    app.settle();
    read_on(&mut client).await
}

#[test]
fn a_join_says_it_before_it_is_allowed() {
    block_on(async {
        let app = TestApp::new(&channel(ByHand).with_config(messages(2)));
        assert_eq!(heard(&app, "oldest").await, ["oldest 3", "oldest 4"]);
        assert_eq!(heard(&app, "latest").await, ["latest 4"]);
        // What it said after that is too late.
        assert_eq!(heard(&app, "late").await, ["1013"]);
    });
}

#[test]
fn what_a_handler_says_that_leaves_the_join_to_another_does_not_count() {
    block_on(async {
        let channel = channel((ByHand, Rest)).with_config(messages(2));
        let app = TestApp::new(&channel);
        assert_eq!(heard(&app, "undecided").await, ["1013"]);
    });
}
