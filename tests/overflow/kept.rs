//! What is never dropped: replies, pushes, and the beginning and end of a channel.

use crate::app::{app, broadcast, hang, messages, read_on};
use futures_lite::future::block_on;
use phx_channels::testing::TestClient;
use serde_json::{Value, json};

#[test]
fn replies_take_the_place_of_broadcasts() {
    for topic in ["oldest:1", "newest:1"] {
        block_on(async {
            let app = app(messages(4));
            let mut client = app.connect().await.unwrap();
            client.join(topic, json!(null)).await.unwrap_ok();
            hang(&client);
            broadcast(&app, topic, 0..4);
            for n in 0..3 {
                client.push(topic, "echo", json!(n));
            }
            client.settle();
            let heard = read_on(&mut client).await;
            let name = topic.split(':').next().unwrap();
            let expected = ["3", "replied 0", "replied 1", "replied 2"];
            let expected = expected.map(|said| format!("{name} {said}"));
            assert_eq!(heard, expected);
        });
    }
}

/// It has to wait itself, for it is not read any further.
#[test]
fn a_client_that_asks_without_reading_misses_no_reply() {
    block_on(async {
        let app = app(messages(300));
        let mut client = app.connect().await.unwrap();
        client.join("oldest:1", json!(null)).await.unwrap_ok();
        hang(&client);
        for n in 0..2_000 {
            client.push("oldest:1", "echo", json!(n));
        }
        client.settle();
        let heard = read_on(&mut client).await;
        let expected = (0..2_000).map(|n| format!("oldest replied {n}"));
        assert_eq!(heard, expected.collect::<Vec<_>>());
    });
}

#[test]
fn a_client_is_heard_however_many_broadcasts_wait_for_it() {
    block_on(async {
        let app = app(messages(100));
        let mut client = app.connect().await.unwrap();
        client.join("oldest:1", json!(null)).await.unwrap_ok();
        hang(&client);
        broadcast(&app, "oldest:1", 0..200);
        client.push("oldest:1", "echo", json!("heard"));
        client.settle();
        let heard = read_on(&mut client).await;
        assert_eq!(heard.last().unwrap(), "oldest replied \"heard\"");
        assert_eq!(heard.len(), 100);
    });
}

#[test]
fn the_end_of_a_channel_takes_the_place_of_broadcasts() {
    block_on(async {
        let app = app(messages(3));
        for (event, end) in [("phx_leave", "phx_close"), ("crash", "phx_error")] {
            let mut client = app.connect().await.unwrap();
            client.join("oldest:1", json!(null)).await.unwrap_ok();
            hang(&client);
            broadcast(&app, "oldest:1", 0..5);
            client.push("oldest:1", event, json!({}));
            client.settle();
            let heard = read_on(&mut client).await;
            assert_eq!(heard[0], "oldest 4");
            assert!(heard[1].starts_with("oldest replied"), "{heard:?}");
            assert_eq!(heard[2], format!("oldest {end}"));
            assert_eq!(heard.len(), 3);
        }
    });
}

#[test]
fn pushes_of_a_handler_are_never_dropped() {
    block_on(async {
        let app = app(messages(4));
        let mut client = app.connect().await.unwrap();
        client.join("oldest:1", json!(null)).await.unwrap_ok();
        hang(&client);
        broadcast(&app, "oldest:1", 0..4);
        client.push("oldest:1", "push", json!(4));
        client.settle();
        let expected = (0..4).map(|n| format!("oldest pushed {n}"));
        assert_eq!(read_on(&mut client).await, expected.collect::<Vec<_>>());
    });
}

#[test]
fn what_is_never_dropped_ends_the_connection_when_it_does_not_fit_by_itself() {
    let several = |client: &mut TestClient| {
        for count in [2, 3] {
            client.push("oldest:1", "push", json!(count));
            client.settle();
        }
    };
    let at_once = |client: &mut TestClient| _ = client.push("oldest:1", "push", json!(5));
    let cases: [&dyn Fn(&mut TestClient); 2] = [&several, &at_once];
    for case in cases {
        block_on(async {
            let app = app(messages(4));
            let mut client = app.connect().await.unwrap();
            client.join("oldest:1", json!(null)).await.unwrap_ok();
            hang(&client);
            broadcast(&app, "oldest:1", 0..4);
            case(&mut client);
            client.settle();
            client.resume_reading();
            assert_eq!(client.closed().await, Some(1013));
        });
    }
}

/// A join that is accepted while the mailbox is full of another topic's broadcasts.
#[test]
fn a_join_reply_takes_the_place_of_a_broadcast() {
    block_on(async {
        let app = app(messages(2));
        let mut client = app.connect().await.unwrap();
        client.join("oldest:1", json!(null)).await.unwrap_ok();
        hang(&client);
        broadcast(&app, "oldest:1", 0..4);
        let join = client.start_join("any:1", json!(null));
        client.settle();
        client.resume_reading();
        assert_eq!(client.event("oldest:1", "n").await["n"], 3);
        let reply: Value = client.reply(&join).await.unwrap_ok();
        assert_eq!(reply, json!({}));
    });
}
