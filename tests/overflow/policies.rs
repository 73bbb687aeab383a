//! What each policy keeps and drops, in messages and in bytes.

use crate::app::{app, broadcast, hang, messages, read_on};
use futures_lite::future::block_on;
use phx_channels::{Config, Overflow};
use serde_json::json;

/// What a client hears that has joined these topics and hangs, while this happens.
fn heard(config: Config, topics: &[&str], happens: &[(&str, std::ops::Range<u32>)]) -> Vec<String> {
    block_on(async {
        let app = app(config);
        let mut client = app.connect().await.unwrap();
        for topic in topics {
            client.join(topic, json!(null)).await.unwrap_ok();
        }
        hang(&client);
        for (topic, numbers) in happens {
            broadcast(&app, topic, numbers.clone());
        }
        read_on(&mut client).await
    })
}

/// The same for one topic with ten broadcasts and a mailbox for four of them, in messages and in bytes.
fn ten_for_four(config: fn(Config) -> Config, topic: &str, expected: &[&str]) {
    let all = |config| heard(config, &[topic], &[(topic, 0..10)]);
    assert_eq!(all(config(messages(4))), expected, "in messages");
    // Four of them have between 360 and 450 bytes.
    let bytes = Config::new().mailbox(1_000, 450);
    assert_eq!(all(config(bytes)), expected, "in bytes");
}

#[test]
fn the_client_is_disconnected_by_default() {
    ten_for_four(|config| config, "any:1", &["1013"]);
}

#[test]
fn drop_oldest_keeps_the_newest() {
    let newest = ["any 6", "any 7", "any 8", "any 9"];
    ten_for_four(
        |config| config.overflow(Overflow::DropOldest),
        "any:1",
        &newest,
    );
}

#[test]
fn drop_newest_keeps_the_oldest() {
    let oldest = ["any 0", "any 1", "any 2", "any 3"];
    ten_for_four(
        |config| config.overflow(Overflow::DropNewest),
        "any:1",
        &oldest,
    );
}

#[test]
fn latest_keeps_the_last_one_even_where_there_is_room() {
    ten_for_four(
        |config| config.overflow(Overflow::Latest),
        "any:1",
        &["any 9"],
    );
    let roomy = messages(1_000).overflow(Overflow::Latest);
    assert_eq!(heard(roomy, &["any:1"], &[("any:1", 0..10)]), ["any 9"]);
}

#[test]
fn a_join_attribute_says_it_for_its_pattern() {
    // Whatever the configuration says.
    ten_for_four(
        |config| config.overflow(Overflow::Latest),
        "sure:1",
        &["1013"],
    );
    let newest = ["oldest 6", "oldest 7", "oldest 8", "oldest 9"];
    ten_for_four(|config| config, "oldest:1", &newest);
    let oldest = ["newest 0", "newest 1", "newest 2", "newest 3"];
    ten_for_four(|config| config, "newest:1", &oldest);
    ten_for_four(|config| config, "latest:1", &["latest 9"]);
}

#[test]
fn latest_is_the_last_of_each_event_and_topic_in_the_order_of_the_newest() {
    let topics = ["latest:1", "latest:2", "sure:1"];
    let happens = [
        ("latest:1", 0..2),
        ("latest:2", 10..12),
        ("sure:1", 20..21),
        ("latest:1", 2..4),
    ];
    let heard = heard(messages(100), &topics, &happens);
    assert_eq!(heard, ["latest 11", "sure 20", "latest 3"]);
}

#[test]
fn what_is_not_dropped_keeps_its_order() {
    let topics = ["sure:1", "oldest:1", "newest:1"];
    let happens = [
        ("oldest:1", 0..1),
        ("sure:1", 10..11),
        ("newest:1", 20..21),
        ("oldest:1", 1..2),
        ("sure:1", 11..12),
        // Two of `oldest` give way to these, and then `newest` has no room.
        ("oldest:1", 2..4),
        ("newest:1", 21..23),
    ];
    let heard = heard(messages(5), &topics, &happens);
    assert_eq!(
        heard,
        ["sure 10", "newest 20", "sure 11", "oldest 2", "oldest 3"]
    );
}

#[test]
fn members_of_one_topic_may_have_different_policies() {
    block_on(async {
        let app = app(messages(2));
        let choices = [
            ("disconnect", &["1013"] as &[_]),
            ("drop_oldest", &["choice 3", "choice 4"]),
            ("drop_newest", &["choice 0", "choice 1"]),
            ("latest", &["choice 4"]),
        ];
        let mut members = Vec::new();
        for (choice, expected) in choices {
            let mut member = app.connect().await.unwrap();
            member.join("choice:1", json!(choice)).await.unwrap_ok();
            hang(&member);
            members.push((member, expected));
        }
        let mut quick = app.connect().await.unwrap();
        quick
            .join("choice:1", json!("disconnect"))
            .await
            .unwrap_ok();
        for n in 0..5 {
            broadcast(&app, "choice:1", n..n + 1);
        }
        for (mut member, expected) in members {
            assert_eq!(read_on(&mut member).await, expected);
        }
        for n in 0..5 {
            assert_eq!(quick.event("choice:1", "n").await["n"], n);
        }
    });
}

#[test]
fn both_versions_of_the_protocol_drop_alike() {
    block_on(async {
        let app = app(messages(2));
        let mut v1 = app.connect().vsn(Some("1.0.0")).await.unwrap();
        let mut v2 = app.connect().await.unwrap();
        for client in [&mut v1, &mut v2] {
            client.join("oldest:1", json!(null)).await.unwrap_ok();
            client.pause_reading();
            client.push("oldest:1", "echo", json!({}));
            client.settle();
        }
        broadcast(&app, "oldest:1", 0..5);
        for mut client in [v1, v2] {
            client.resume_reading();
            client.message().await;
            assert_eq!(client.event("oldest:1", "n").await["n"], 3);
            assert_eq!(client.event("oldest:1", "n").await["n"], 4);
            client.assert_quiet();
        }
    });
}

#[test]
fn a_client_that_reads_again_misses_nothing_more() {
    block_on(async {
        let app = app(messages(2));
        let mut client = app.connect().await.unwrap();
        client.join("oldest:1", json!(null)).await.unwrap_ok();
        for _ in 0..3 {
            hang(&client);
            broadcast(&app, "oldest:1", 0..5);
            assert_eq!(read_on(&mut client).await, ["oldest 3", "oldest 4"]);
            for n in 5..10 {
                broadcast(&app, "oldest:1", n..n + 1);
                assert_eq!(client.event("oldest:1", "n").await["n"], n);
            }
        }
    });
}
