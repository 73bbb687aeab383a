//! What a monitor sees.

use crate::app::{app, broadcast, hang, messages};
use futures_lite::future::block_on;
use phx_channels::{Stats, TopicStats, channel, testing::TestApp};
use serde_json::json;

fn now(stats: Stats) -> (usize, usize, usize) {
    (stats.connections, stats.joined_topics, stats.topics)
}

fn named(topics: Vec<TopicStats>) -> Vec<(String, usize, u64)> {
    let mut topics: Vec<_> = topics
        .into_iter()
        .map(|topic| (topic.topic.to_string(), topic.members, topic.dropped))
        .collect();
    topics.sort();
    topics
}

#[test]
fn connections_and_topics_come_and_go() {
    block_on(async {
        let app = app(messages(100));
        let stats = || {
            app.settle();
            now(app.broadcaster().stats())
        };
        assert_eq!(stats(), (0, 0, 0));
        let mut ann = app.connect().await.unwrap();
        let mut bob = app.connect().await.unwrap();
        assert_eq!(stats(), (2, 0, 0));
        ann.join("any:1", json!(null)).await.unwrap_ok();
        bob.join("any:1", json!(null)).await.unwrap_ok();
        bob.join("latest:1", json!(null)).await.unwrap_ok();
        assert_eq!(stats(), (2, 3, 2));
        let topics = named(app.broadcaster().topics());
        let expected = [("any:1".to_owned(), 2, 0), ("latest:1".to_owned(), 1, 0)];
        assert_eq!(topics, expected);
        bob.leave("latest:1").await.unwrap_ok();
        assert_eq!(stats(), (2, 2, 1));
        drop(bob);
        assert_eq!(stats(), (1, 1, 1));
        drop(ann);
        assert_eq!(stats(), (0, 0, 0));
        assert!(app.broadcaster().topics().is_empty());
    });
}

/// Hears what others say, without a member of theirs.
struct Listener;

#[channel]
impl Listener {
    #[join("listen")]
    async fn join(&self, conn: phx_channels::ChannelConn<'_>) {
        conn.subscribe("elsewhere");
    }
}

#[test]
fn a_subscription_is_no_member() {
    block_on(async {
        let app = TestApp::new(&channel(Listener));
        let mut client = app.connect().await.unwrap();
        client.join("listen", json!({})).await.unwrap_ok();
        assert_eq!(now(app.broadcaster().stats()), (1, 1, 1));
        let topics = named(app.broadcaster().topics());
        assert_eq!(topics, [("listen".to_owned(), 1, 0)]);
    });
}

#[test]
fn losses_are_counted_by_policy_and_by_topic() {
    block_on(async {
        let app = app(messages(2));
        let topics = ["oldest:1", "newest:1", "latest:1", "sure:1"];
        let mut clients = Vec::new();
        for topic in topics {
            // Two of each.
            for _ in 0..2 {
                let mut client = app.connect().await.unwrap();
                client.join(topic, json!(null)).await.unwrap_ok();
                hang(&client);
                clients.push(client);
            }
            broadcast(&app, topic, 0..5);
        }
        let stats = app.broadcaster().stats();
        assert_eq!(stats.dropped_oldest, 6);
        assert_eq!(stats.dropped_newest, 6);
        assert_eq!(stats.dropped_latest, 8);
        assert_eq!(stats.overflow_closes, 2);
        let topics = named(app.broadcaster().topics());
        let expected = [("latest:1", 8), ("newest:1", 6), ("oldest:1", 6)];
        let expected = expected.map(|(topic, dropped)| (topic.to_owned(), 2, dropped));
        assert_eq!(topics, expected);
        // The topics go, and the sums stay.
        drop(clients);
        app.settle();
        assert!(app.broadcaster().topics().is_empty());
        assert_eq!(app.broadcaster().stats().dropped_latest, 8);
    });
}
