//! LIM-1, J-6, names, queues and silence.

use crate::app::{app, exchange, rooms};
use futures_lite::future::block_on;
use phx_channels::{Config, channel, testing::TestApp};
use serde_json::{Value, json};
use std::time::Duration;

fn error(reference: &str, join_ref: &Value, topic: &str, reason: &str) -> Value {
    let payload = json!({"status": "error", "response": {"reason": reason}});
    json!([join_ref, reference, topic, "phx_reply", payload])
}

#[test]
fn lim_1_j_6_the_101st_topic() {
    block_on(async {
        let mut client = app().connect().await.unwrap();
        for n in 1..=100 {
            client
                .join(&format!("rooms:{n}"), json!({}))
                .await
                .unwrap_ok();
        }
        let join = |topic: &str| json!(["101", "101", topic, "phx_join", {}]);
        let too_many = error(
            "101",
            &json!("101"),
            "rooms:101",
            "too many channels joined",
        );
        exchange(
            &mut client,
            join("rooms:101"),
            std::slice::from_ref(&too_many),
        )
        .await;
        // A rejoin of a joined topic succeeds, since the old instance makes room.
        client.join("rooms:7", json!({})).await.unwrap_ok();
        client.event("rooms:7", "phx_close").await;
        // A leave makes room at once.
        client.leave("rooms:9").await.unwrap_ok();
        client.event("rooms:9", "phx_close").await;
        client.join("rooms:101", json!({})).await.unwrap_ok();
    });
}

#[test]
fn j_6b_refused_joins_do_not_count() {
    block_on(async {
        let config = Config::new().max_topics(1);
        let app = TestApp::new(&channel(rooms().0).with_config(config));
        let mut client = app.connect().await.unwrap();
        client.join("rooms:private", json!({})).await.unwrap_error();
        client.join("nope:1", json!({})).await.unwrap_error();
        client
            .join("rooms:crash_on_join", json!({}))
            .await
            .unwrap_error();
        client.join("rooms:lobby", json!({})).await.unwrap_ok();
    });
}

#[test]
fn names_above_255_bytes_are_answered() {
    block_on(async {
        let mut client = app().connect().await.unwrap();
        let fits = format!("rooms:{}", "x".repeat(249));
        client.join(&fits, json!({})).await.unwrap_ok();
        // Bytes, not characters.
        for long in [format!("{fits}x"), format!("rooms:{}", "é".repeat(125))] {
            for event in ["phx_join", "phx_leave", "echo"] {
                let frame = json!(["9", "9", long, event, {}]);
                let reply = error("9", &json!(null), &long, "name too long");
                exchange(&mut client, frame, &[reply]).await;
            }
        }
        let event = "e".repeat(256);
        let reply = error("9", &json!(null), &fits, "name too long");
        exchange(&mut client, json!(["1", "9", fits, event, {}]), &[reply]).await;
    });
}

#[test]
fn a_full_queue_holds_the_client_back_and_loses_nothing() {
    block_on(async {
        held_back(Config::new().topic_queue(2), "").await;
        // The same by bytes.
        held_back(Config::new().max_message_size(1000), &"x".repeat(600)).await;
    });
}

/// Pushes twenty events to a busy topic, with this as a part of each.
async fn held_back(config: Config, filler: &str) {
    let (rooms, control) = rooms();
    let app = TestApp::new(&channel(rooms).with_config(config));
    let mut client = app.connect().await.unwrap();
    client.join("rooms:q", json!({})).await.unwrap_ok();
    let wait = client.push("rooms:q", "wait", json!({}));
    let payload = |n: usize| json!({"n": n, "filler": filler});
    let pushes: Vec<_> = (0..20)
        .map(|n| client.push("rooms:q", "echo", payload(n)))
        .collect();
    // Nothing behind them is read, not even what would be answered at once.
    let heartbeat = client.push("phoenix", "heartbeat", json!({}));
    client.assert_quiet();
    control.gate.send(()).await.unwrap();
    client.reply(&wait).await.unwrap_ok();
    for (n, push) in pushes.iter().enumerate() {
        assert_eq!(client.reply(push).await.unwrap_ok(), payload(n));
    }
    client.reply(&heartbeat).await.unwrap_ok();
}

#[test]
fn c_1_a_silent_client_is_closed_and_not_with_1000() {
    block_on(async {
        let app = app();
        let mut client = app.connect().await.unwrap();
        app.advance(Duration::from_secs(40));
        client.send_text(json!([null, "1", "phoenix", "heartbeat", {}]).to_string());
        app.advance(Duration::from_secs(40));
        client.message().await;
        client.assert_quiet();
        app.advance(Duration::from_secs(20));
        assert_eq!(client.closed().await, Some(1002));
        assert!(app.is_idle(), "a task is left");
    });
}
