//! How much one client may ask for in a while.

use crate::app::{Rooms, rooms};
use futures_lite::future::block_on;
use phx_channels::{Config, Rate, RateBy, channel, testing::TestApp};
use serde_json::{Value, json};
use std::time::Duration;
use trillium::Status;

const MILLISECOND: Duration = Duration::from_millis(1);

fn app(config: Config) -> TestApp<Rooms> {
    TestApp::new(&channel(rooms().0).with_config(config))
}

fn limited(retry_after_ms: u64) -> Value {
    json!({"reason": "rate_limited", "retry_after_ms": retry_after_ms})
}

#[test]
fn join_rate_refuses_joins() {
    block_on(async {
        let app = app(Config::new().join_rate(Rate::per_second(2)));
        let mut client = app.connect().await.unwrap();
        client.join("rooms:1", json!({})).await.unwrap_ok();
        // Refused ones count as well.
        client.join("nope:1", json!({})).await.unwrap_error();
        for topic in ["rooms:2", "rooms:1"] {
            let refusal = client.join(topic, json!({})).await.unwrap_error();
            assert_eq!(refusal, limited(500));
        }
        app.advance(499 * MILLISECOND);
        let refusal = client.join("rooms:2", json!({})).await.unwrap_error();
        assert_eq!(refusal, limited(1));
        app.advance(MILLISECOND);
        client.join("rooms:2", json!({})).await.unwrap_ok();
        // Another client has its own.
        let mut other = app.connect().await.unwrap();
        other.join("rooms:1", json!({})).await.unwrap_ok();
    });
}

#[test]
fn join_rate_leaves_a_joined_topic_as_it_was() {
    block_on(async {
        let app = app(Config::new().join_rate(Rate::per_second(1)));
        let mut client = app.connect().await.unwrap();
        client.join("rooms:1", json!({})).await.unwrap_ok();
        let rejoin = json!(["9", "9", "rooms:1", "phx_join", {}]);
        client.send_text(rejoin.to_string());
        let refusal = client.message().await;
        assert_eq!(refusal.join_reference, json!("9"));
        assert_eq!(refusal.payload["response"], limited(1000));
        client.call("rooms:1", "echo", json!({})).await.unwrap_ok();
        client.leave("rooms:1").await.unwrap_ok();
    });
}

#[test]
fn event_rate_answers_events_of_all_topics_together() {
    block_on(async {
        let rate = Rate::per_second(10).burst(3);
        let app = app(Config::new().event_rate(rate));
        let mut client = app.connect().await.unwrap();
        client.join("rooms:1", json!({})).await.unwrap_ok();
        client.join("rooms:2", json!({})).await.unwrap_ok();
        for topic in ["rooms:1", "rooms:2", "rooms:1"] {
            client.call(topic, "echo", json!({})).await.unwrap_ok();
        }
        let error = client
            .call("rooms:2", "echo", json!({}))
            .await
            .unwrap_error();
        assert_eq!(error, limited(100));
        app.advance(100 * MILLISECOND);
        client.call("rooms:2", "echo", json!({})).await.unwrap_ok();
        client
            .call("rooms:2", "echo", json!({}))
            .await
            .unwrap_error();
    });
}

#[test]
fn event_rate_lets_heartbeats_leaves_and_strays_pass() {
    block_on(async {
        let app = app(Config::new().event_rate(Rate::per_minute(1)));
        let mut client = app.connect().await.unwrap();
        client.join("rooms:1", json!({})).await.unwrap_ok();
        // What reaches no handler takes nothing from those that do.
        for _ in 0..3 {
            let stray = client.call("rooms:2", "echo", json!({})).await;
            assert_eq!(stray.unwrap_error(), json!({"reason": "unmatched topic"}));
        }
        client.call("rooms:1", "echo", json!({})).await.unwrap_ok();
        client
            .call("rooms:1", "echo", json!({}))
            .await
            .unwrap_error();
        for _ in 0..3 {
            client
                .call("phoenix", "heartbeat", json!({}))
                .await
                .unwrap_ok();
        }
        client.leave("rooms:1").await.unwrap_ok();
        client.event("rooms:1", "phx_close").await;
        client.join("rooms:1", json!({})).await.unwrap_ok();
    });
}

#[test]
fn event_rate_says_nothing_of_an_event_without_ref() {
    block_on(async {
        let app = app(Config::new().event_rate(Rate::per_minute(1)));
        let mut client = app.connect().await.unwrap();
        client.join("rooms:1", json!({})).await.unwrap_ok();
        let shout = json!(["1", null, "rooms:1", "push_me", {}]);
        client.send_text(shout.to_string());
        client.send_text(shout.to_string());
        client.event("rooms:1", "pushed").await;
        client.message().await;
        client.assert_quiet();
    });
}

/// The answers come in the order in which was asked.
#[test]
fn event_rate_keeps_the_order_of_answers() {
    block_on(async {
        let app = app(Config::new().event_rate(Rate::per_minute(1)));
        let mut client = app.connect().await.unwrap();
        client.join("rooms:1", json!({})).await.unwrap_ok();
        client.push("rooms:1", "echo", json!({}));
        client.push("rooms:1", "echo", json!({}));
        client.push("phoenix", "heartbeat", json!({}));
        for (reference, status) in [("2", "ok"), ("3", "error"), ("4", "ok")] {
            let answer = client.message().await;
            assert_eq!(answer.reference, json!(reference));
            assert_eq!(answer.payload["status"], json!(status));
        }
    });
}

/// Connects, joins, and has an event answered or refused.
async fn comes_and_asks(app: &TestApp<Rooms>, ip: [u8; 4], query: &[(&str, &str)]) -> bool {
    let mut connect = app.connect().peer_ip(ip);
    for (name, value) in query {
        connect = connect.param(name, value);
    }
    let mut client = connect.await.unwrap();
    client.join("rooms:1", json!({})).await.unwrap_ok();
    client.call("rooms:1", "echo", json!({})).await.status == "ok"
}

const HOME: [u8; 4] = [192, 0, 2, 1];
const AWAY: [u8; 4] = [192, 0, 2, 2];

/// Nobody begins a rate anew by connecting again, from the same address or with the same id.
#[test]
fn event_rate_outlives_connections() {
    block_on(async {
        let app = app(Config::new().event_rate(Rate::per_minute(2)));
        for (ip, query, is_answered) in [
            (HOME, &[][..], true),
            (HOME, &[], true),
            (HOME, &[], false),
            (AWAY, &[], true),
            // Who has an id shares its rates with nobody else, wherever it is.
            (HOME, &[("id", "ada")], true),
            (AWAY, &[("id", "ada")], true),
            (AWAY, &[("id", "ada")], false),
            (AWAY, &[("id", "bob")], true),
        ] {
            let answered = comes_and_asks(&app, ip, query).await;
            assert_eq!(answered, is_answered, "{ip:?} {query:?}");
        }
        app.advance(Duration::from_secs(30));
        assert!(comes_and_asks(&app, HOME, &[]).await);
        assert!(!comes_and_asks(&app, HOME, &[]).await);
    });
}

#[test]
fn join_rate_outlives_connections() {
    block_on(async {
        let app = app(Config::new().join_rate(Rate::per_minute(2)));
        for is_joined in [true, true, false] {
            let mut client = app.connect().peer_ip(HOME).await.unwrap();
            let reply = client.join("rooms:1", json!({})).await;
            assert_eq!(reply.status == "ok", is_joined);
        }
    });
}

#[test]
fn rate_by_connection_begins_anew_with_each() {
    block_on(async {
        let config = Config::new().event_rate(Rate::per_minute(1));
        let app = app(config.rate_by(RateBy::Connection));
        for _ in 0..3 {
            assert!(comes_and_asks(&app, HOME, &[("id", "ada")]).await);
        }
    });
}

#[test]
fn connect_rate_refuses_an_address_with_429() {
    block_on(async {
        let app = app(Config::new().connect_rate(Rate::per_minute(2)));
        for _ in 0..2 {
            app.connect().peer_ip(HOME).await.unwrap();
        }
        let refused = app.connect().peer_ip(HOME).await.unwrap_err();
        assert_eq!(refused.status(), Status::TooManyRequests);
        app.connect().peer_ip(AWAY).await.unwrap();
        app.advance(Duration::from_secs(30));
        app.connect().peer_ip(HOME).await.unwrap();
    });
}

#[test]
fn no_rate_is_limited_by_default() {
    block_on(async {
        let app = app(Config::new());
        let mut client = app.connect().await.unwrap();
        for _ in 0..1000 {
            client.join("rooms:1", json!({})).await.unwrap_ok();
            client.call("rooms:1", "echo", json!({})).await.unwrap_ok();
        }
    });
}
