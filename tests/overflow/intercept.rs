//! Broadcasts that go through a handler, and messages from inside.

use crate::app::{hang, messages, read_on};
use futures_lite::future::block_on;
use phx_channels::{
    ChannelConn, ChannelEvent, ChannelHandler, Overflow, async_trait, channel, testing::TestApp,
};
use serde_json::{Value, json};

struct Through;

#[channel]
impl Through {
    #[join("oldest:*", overflow = drop_oldest)]
    async fn join(&self, conn: ChannelConn<'_>) {
        conn.subscribe("elsewhere");
    }

    #[intercept("oldest:*", "n")]
    async fn out(&self, payload: Value) -> Value {
        json!({"n": payload["n"].as_u64().unwrap() + 100})
    }

    #[info("oldest:*")]
    async fn elsewhere(&self, _: ChannelEvent) {}

    #[info("oldest:*")]
    async fn told(&self, _: u8) {}
}

fn broadcast<H: ChannelHandler>(app: &TestApp<H>, topic: &str, n: u32) {
    app.broadcaster()
        .broadcast((topic, "n", &json!({ "n": n })));
}

#[test]
fn what_a_handler_makes_of_a_broadcast_is_dropped_by_the_policy() {
    block_on(async {
        let app = TestApp::new(&channel(Through).with_config(messages(2)));
        let mut client = app.connect().await.unwrap();
        client.join("oldest:1", json!({})).await.unwrap_ok();
        hang(&client);
        for n in 0..5 {
            broadcast(&app, "oldest:1", n);
            app.settle();
        }
        assert_eq!(read_on(&mut client).await, ["oldest 103", "oldest 104"]);
        assert_eq!(app.broadcaster().stats().dropped_oldest, 3);
    });
}

#[test]
fn a_broadcast_that_does_not_fit_into_the_inbox_is_dropped() {
    block_on(async {
        let app = TestApp::new(&channel(Through).with_config(messages(2)));
        let mut client = app.connect().await.unwrap();
        client.join("oldest:1", json!({})).await.unwrap_ok();
        // The handler does not get its turn in between, and what waits for it stays.
        for n in 0..5 {
            broadcast(&app, "oldest:1", n);
        }
        assert_eq!(client.event("oldest:1", "n").await["n"], 100);
        assert_eq!(client.event("oldest:1", "n").await["n"], 101);
        client.assert_quiet();
        assert_eq!(app.broadcaster().stats().dropped_oldest, 3);
    });
}

#[test]
fn what_a_topic_is_told_or_has_subscribed_to_is_never_dropped() {
    block_on(async {
        let app = TestApp::new(&channel(Through).with_config(messages(2)));
        for subscribed in [true, false] {
            let mut client = app.connect().await.unwrap();
            client.join("oldest:1", json!({})).await.unwrap_ok();
            for n in 0..3 {
                if subscribed {
                    broadcast(&app, "elsewhere", n);
                } else {
                    app.broadcaster().tell("oldest:1", 1_u8);
                }
            }
            assert_eq!(client.closed().await, Some(1013));
        }
    });
}

/// Intercepts, and leaves the rest to the trait.
struct ByHand;

#[async_trait]
impl ChannelHandler for ByHand {
    async fn join_channel(&self, conn: ChannelConn<'_>, event: ChannelEvent) {
        conn.intercept("n");
        conn.overflow(Overflow::Latest);
        conn.allow_join(&event, &()).await;
        // Too late to count.
        conn.overflow(Overflow::DropOldest);
    }
}

#[test]
fn what_a_handler_passes_on_is_dropped_by_the_policy() {
    block_on(async {
        let app = TestApp::new(&channel(ByHand).with_config(messages(100)));
        let mut client = app.connect().await.unwrap();
        client.join("latest", json!({})).await.unwrap_ok();
        hang(&client);
        for n in 0..5 {
            broadcast(&app, "latest", n);
        }
        app.settle();
        assert_eq!(read_on(&mut client).await, ["latest 4"]);
    });
}
