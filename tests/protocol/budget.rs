//! What is kept for one connection, and what happens when it is as much as it may be.

use crate::app::rooms;
use async_channel::{Receiver, Sender};
use futures_lite::future::block_on;
use phx_channels::{
    ChannelConn, ChannelEvent, ChannelHandler, Config, Overflow, async_trait, channel,
    testing::{Frame, TestApp, TestClient},
};
use serde_json::{Value, json};
use std::time::Duration;

/// Of a client's message.
const MAX_SIZE: usize = 1000;
/// The least for messages of that size.
const BUDGET: usize = 4 * MAX_SIZE;

fn small() -> Config {
    Config::new()
        .max_message_size(MAX_SIZE)
        .connection_budget(BUDGET)
}

async fn joined(client: &mut TestClient, topics: &[&str]) {
    for topic in topics {
        client.join(topic, json!({})).await.unwrap_ok();
    }
}

#[test]
fn a_client_waits_that_has_used_up_its_part_and_loses_nothing() {
    block_on(async {
        let (rooms, control) = rooms();
        let app = TestApp::new(&channel(rooms).with_config(small()));
        let mut client = app.connect().await.unwrap();
        let topics: Vec<_> = (0..8).map(|n| format!("rooms:{n}")).collect();
        for topic in &topics {
            joined(&mut client, &[topic]).await;
        }
        let filler = "x".repeat(900);
        let waits: Vec<_> = topics
            .iter()
            .map(|topic| client.push(topic, "wait", &filler))
            .collect();
        let heartbeat = client.push("phoenix", "heartbeat", json!({}));
        client.assert_quiet();
        assert!(app.kept_bytes() > BUDGET / 2);
        for wait in &waits {
            assert!(app.kept_bytes() <= BUDGET, "{} bytes", app.kept_bytes());
            control.gate.send(()).await.unwrap();
            client.reply(wait).await.unwrap_ok();
        }
        client.reply(&heartbeat).await.unwrap_ok();
        assert!(app.kept_bytes() < 200, "only names are left");
    });
}

#[test]
fn a_client_that_waits_is_not_idle() {
    block_on(async {
        let (rooms, control) = rooms();
        let app = TestApp::new(&channel(rooms).with_config(small()));
        let mut client = app.connect().await.unwrap();
        joined(&mut client, &["rooms:1", "rooms:2", "rooms:3"]).await;
        let filler = "x".repeat(900);
        let waits = ["rooms:1", "rooms:2", "rooms:3"];
        let waits = waits.map(|topic| client.push(topic, "wait", &filler));
        let heartbeat = client.push("phoenix", "heartbeat", json!({}));
        for _ in 0..10 {
            app.advance(Duration::from_secs(50));
        }
        client.assert_quiet();
        for wait in &waits {
            control.gate.send(()).await.unwrap();
            client.reply(wait).await.unwrap_ok();
        }
        client.reply(&heartbeat).await.unwrap_ok();
    });
}

/// The end of one handler is enough to go on, and replies as large as what was asked for fit as well.
#[test]
fn a_client_that_sends_on_and_reads_is_answered_every_time() {
    block_on(async {
        let app = TestApp::new(&channel(rooms().0).with_config(small()));
        let mut client = app.connect().await.unwrap();
        let topics: Vec<_> = (0..8).map(|n| format!("rooms:{n}")).collect();
        for topic in &topics {
            joined(&mut client, &[topic]).await;
        }
        for size in [0, 10, 300, 500, 900] {
            let filler = "x".repeat(size);
            let echoes: Vec<_> = (0..200)
                .map(|n| client.push(&topics[n % topics.len()], "echo", &filler))
                .collect();
            for echo in &echoes {
                assert_eq!(client.reply(echo).await.unwrap_ok(), json!(filler));
            }
        }
    });
}

#[test]
fn messages_of_one_mebibyte_for_slow_handlers_stay_within_the_default() {
    block_on(async {
        let (rooms, _control) = rooms();
        let app = TestApp::new(&channel(rooms));
        let mut client = app.connect().await.unwrap();
        for n in 0..20 {
            joined(&mut client, &[&format!("rooms:{n}")]).await;
        }
        let filler = "x".repeat(1024 * 1024 - 100);
        for n in 0..40 {
            client.push(&format!("rooms:{}", n % 20), "wait", &filler);
        }
        client.assert_quiet();
        assert!(app.kept_bytes() <= 4 * 1024 * 1024);
    });
}

/// Names take up an eighth at most: nothing but a leave, which has to be read, would give more back.
#[test]
fn joins_with_long_names_are_refused_before_they_take_up_what_messages_need() {
    block_on(async {
        let app = TestApp::new(&channel(rooms().0).with_config(small().max_topics(1000)));
        let mut client = app.connect().await.unwrap();
        let topic = |n: usize| format!("rooms:{n}{}", "x".repeat(190));
        for n in 0..2 {
            client.join(&topic(n), json!({})).await.unwrap_ok();
        }
        let refused = json!({"reason": "too many channels joined"});
        for n in 2..100 {
            let reply = client.join(&topic(n), json!({})).await;
            assert_eq!(reply.unwrap_error(), refused);
        }
        client.leave(&topic(0)).await.unwrap_ok();
        client.join(&topic(100), json!({})).await.unwrap_ok();
    });
}

/// Broadcasts that may be dropped make room for what the client asks for.
#[test]
fn broadcasts_that_may_be_dropped_give_way() {
    block_on(async {
        let (rooms, control) = rooms();
        let config = small().mailbox(1000, BUDGET).overflow(Overflow::DropNewest);
        let app = TestApp::new(&channel(rooms).with_config(config));
        let mut client = app.connect().await.unwrap();
        joined(&mut client, &["rooms:1", "rooms:2"]).await;
        client.pause_reading();
        client.push("phoenix", "heartbeat", json!({}));
        client.settle();
        for n in 0..100 {
            let payload = json!({"n": n, "filler": "x".repeat(100)});
            app.broadcaster().broadcast(("rooms:1", "n", payload));
        }
        assert!(app.kept_bytes() > BUDGET - 300);
        let filler = "x".repeat(900);
        for topic in ["rooms:1", "rooms:2"] {
            client.push(topic, "wait", &filler);
            assert!(app.kept_bytes() <= BUDGET, "{} bytes", app.kept_bytes());
        }
        assert!(app.broadcaster().stats().dropped_newest >= 84);
        client.resume_reading();
        control.gate.send(()).await.unwrap();
        control.gate.send(()).await.unwrap();
        while client.message().await.event != "phx_reply" {}
    });
}

/// Joins that send before they reply.
struct Held {
    gate: Receiver<()>,
}

#[async_trait]
impl ChannelHandler for Held {
    async fn join_channel(&self, conn: ChannelConn<'_>, event: ChannelEvent) {
        for _ in 0..3 {
            conn.push((conn.topic(), "given", event.payload()));
        }
        self.gate.recv().await.unwrap();
        conn.allow_join(&event, &()).await;
    }
}

fn held(config: Config) -> (TestApp<Held>, Sender<()>) {
    let (open, gate) = async_channel::unbounded();
    let app = TestApp::new(&channel(Held { gate }).with_config(config));
    (app, open)
}

#[test]
fn what_joins_send_before_their_reply_counts_until_it_is_sent() {
    block_on(async {
        let (app, gate) = held(small());
        let mut client = app.connect().await.unwrap();
        let payload = json!({"filler": "x".repeat(300)});
        let join = client.start_join("a", &payload);
        assert!(app.kept_bytes() > 900);
        gate.send(()).await.unwrap();
        client.reply(&join).await.unwrap_ok();
        for _ in 0..3 {
            assert_eq!(client.event("a", "given").await, payload);
        }
        assert!(app.kept_bytes() < 100);
    });
}

/// What the server sends, a client has to take, or it is told that it has missed something.
#[test]
fn joins_that_send_more_than_there_is_room_for_end_the_connection() {
    block_on(async {
        let (app, _gate) = held(small());
        let mut client = app.connect().await.unwrap();
        client.start_join("a", json!({"filler": "x".repeat(900)}));
        client.start_join("b", json!({"filler": "x".repeat(900)}));
        assert_eq!(client.closed().await, Some(1013));
        drop(client);
    });
}

#[test]
fn what_a_refused_join_has_sent_is_forgotten() {
    struct Refusing;

    #[async_trait]
    impl ChannelHandler for Refusing {
        async fn join_channel(&self, conn: ChannelConn<'_>, event: ChannelEvent) {
            conn.push((conn.topic(), "given", event.payload()));
            conn.refuse_join(&event, &()).await;
            futures_lite::future::pending::<()>().await;
        }
    }

    block_on(async {
        let app = TestApp::new(&channel(Refusing).with_config(small()));
        let mut client = app.connect().await.unwrap();
        let payload = json!({"filler": "x".repeat(600)});
        client.join("a", &payload).await.unwrap_error();
        // What is left is what the join was called with.
        assert!(app.kept_bytes() < 1000, "{} bytes", app.kept_bytes());
    });
}

/// Messages at random, and more of those that made the server keep most: kept is never more than the budget, and what
/// comes back is no more than what is sent, but for so much with each message.
#[test]
fn nothing_that_a_client_sends_takes_up_more_than_the_budget() {
    const RUNS: usize = 20;
    const EACH: usize = 450;

    /// Plays a run, and gives the most that was kept.
    async fn play(seed: u64) -> usize {
        let mut random = fastrand::Rng::with_seed(seed);
        let (rooms, control) = rooms();
        let app = TestApp::new(&channel(rooms).with_config(small()));
        let mut client = app.connect().await.unwrap();
        let (mut sent, mut messages, mut most) = (0, 0, 0);
        for n in 0..300 {
            match random.u8(..20) {
                0 => drop(control.gate.try_send(())),
                1 => client.pause_reading(),
                2 => client.resume_reading(),
                _ => {
                    let message = message(&mut random, n);
                    sent += message.len();
                    messages += 1;
                    client.send_text(message);
                }
            }
            let kept = app.kept_bytes();
            assert!(kept <= BUDGET, "{kept} bytes with the seed {seed}");
            most = most.max(kept);
        }
        client.resume_reading();
        for _ in 0..1000 {
            control.gate.try_send(()).unwrap();
        }
        client.send_text(json!([null, "last", "phoenix", "heartbeat", {}]).to_string());
        let mut received = 0;
        loop {
            match client.frame().await {
                Frame::Text(text) => {
                    received += text.len();
                    if text.contains("\"last\"") {
                        break;
                    }
                }
                Frame::Close(code) => panic!("closed with {code}, with the seed {seed}"),
                other => panic!("{other:?} with the seed {seed}"),
            }
        }
        let bound = sent + EACH * (messages + 1);
        assert!(
            received <= bound,
            "{received} bytes for {sent}, seed {seed}"
        );
        most
    }

    fn message(random: &mut fastrand::Rng, n: usize) -> String {
        let size = 1 << random.u32(..10);
        let topic = match random.u8(..8) {
            0 => format!("rooms:{}{}", random.u8(..9), "t".repeat(size.min(240))),
            1 => format!("nobody:{}", "t".repeat(size)),
            _ => format!("rooms:{}", random.u8(..9)),
        };
        let event = match random.u8(..8) {
            0 | 1 => "phx_join",
            2 => "phx_leave",
            3 => "echo",
            4 => "ok_empty",
            _ => "wait",
        };
        let reference = |random: &mut fastrand::Rng| match random.u8(..4) {
            0 => json!(null),
            1 => json!("r".repeat((1 << random.u32(..8)) - 1)),
            2 => json!(vec![0; random.usize(..100)]),
            _ => json!(n),
        };
        let (join_ref, own) = (reference(random), reference(random));
        let payload: Value = json!("p".repeat(random.usize(..=size)));
        let message = json!([join_ref, own, topic, event, payload]).to_string();
        if message.len() <= MAX_SIZE {
            message
        } else {
            json!([null, null, topic, event, {}]).to_string()
        }
    }

    block_on(async {
        let seeds = (0..RUNS).map(|_| fastrand::u64(..));
        let mut most = 0;
        for seed in seeds {
            most = most.max(play(seed).await);
        }
        assert!(most > BUDGET / 2, "the search finds little: {most}");
    });
}
