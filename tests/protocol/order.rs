//! O-1 to O-5, and what a slow reader gets: everything in order, or a close.

use crate::app::{app, exchange, receive_frames, rooms, send_frame};
use futures_lite::future::block_on;
use phx_channels::{
    Config, channel,
    testing::{Frame, TestApp},
};
use serde_json::{Value, json};

const TOPIC: &str = "rooms:o";

#[test]
fn o_1_what_a_handler_sends_precedes_its_reply() {
    block_on(async {
        let mut client = app().connect().await.unwrap();
        client.join(TOPIC, json!({})).await.unwrap_ok();
        let pushes = (1..=50).map(|i| json!(["1", null, TOPIC, "pushed", {"i": i}]));
        let reply = json!(["1", "7", TOPIC, "phx_reply", {"status": "ok", "response": {}}]);
        let frames: Vec<Value> = pushes.chain([reply]).collect();
        exchange(
            &mut client,
            json!(["1", "7", TOPIC, "push_many", {"count": 50}]),
            &frames,
        )
        .await;
    });
}

#[test]
fn o_2_a_broadcast_during_a_join_does_not_reach_the_joiner() {
    block_on(async {
        let (rooms, control) = rooms();
        let app = TestApp::new(&channel(rooms));
        let mut client = app.connect().await.unwrap();
        let join = client.start_join("rooms:slow_join", json!({}));
        client.assert_quiet();
        app.broadcaster().broadcast(("rooms:slow_join", "early"));
        control.gate.send(()).await.unwrap();
        client.reply(&join).await.unwrap_ok();
        app.broadcaster().broadcast(("rooms:slow_join", "late"));
        client.event("rooms:slow_join", "late").await;
        client.assert_quiet();
    });
}

#[test]
fn o_3_one_topic_works_in_order_and_topics_do_not_wait_for_each_other() {
    block_on(async {
        let (rooms, control) = rooms();
        let app = TestApp::new(&channel(rooms));
        let mut client = app.connect().await.unwrap();
        client.join(TOPIC, json!({})).await.unwrap_ok();
        client.join("rooms:fast", json!({})).await.unwrap_ok();
        send_frame(&client, &json!(["1", "4", TOPIC, "wait", {}]));
        send_frame(&client, &json!(["1", "5", TOPIC, "echo", {"x": 1}]));
        send_frame(&client, &json!(["2", "6", "rooms:fast", "ok_empty", {}]));
        let ok = |response: Value| json!({"status": "ok", "response": response});
        let fast = json!(["2", "6", "rooms:fast", "phx_reply", ok(json!({}))]);
        receive_frames(&mut client, &[fast]).await;
        client.assert_quiet();
        control.gate.send(()).await.unwrap();
        receive_frames(
            &mut client,
            &[
                json!(["1", "4", TOPIC, "phx_reply", ok(json!({"waited": {}}))]),
                json!(["1", "5", TOPIC, "phx_reply", ok(json!({"x": 1}))]),
            ],
        )
        .await;
    });
}

#[test]
fn o_4_all_members_hear_broadcasts_in_the_same_order() {
    block_on(async {
        let app = app();
        let mut members = Vec::new();
        for _ in 0..4 {
            let mut member = app.connect().await.unwrap();
            member.join(TOPIC, json!({})).await.unwrap_ok();
            members.push(member);
        }
        for n in 0..20 {
            for member in &mut members {
                member.push(TOPIC, "shout", json!({ "n": n }));
            }
        }
        let mut heard = Vec::new();
        for member in &mut members {
            let mut order = Vec::new();
            for _ in 0..80 {
                order.push(member.event(TOPIC, "shout").await);
            }
            member.assert_quiet();
            heard.push(order);
        }
        assert!(heard.windows(2).all(|pair| pair[0] == pair[1]));
    });
}

#[test]
fn o_5_nothing_follows_the_close_of_a_leave() {
    block_on(async {
        let app = app();
        let mut leaver = app.connect().await.unwrap();
        leaver.join(TOPIC, json!({})).await.unwrap_ok();
        leaver.leave(TOPIC).await.unwrap_ok();
        leaver.event(TOPIC, "phx_close").await;
        app.broadcaster().broadcast((TOPIC, "late"));
        leaver.assert_quiet();
    });
}

#[test]
fn o_6_a_burst_to_a_member_that_reads_slowly_has_no_gap() {
    block_on(async {
        let config = Config::new().mailbox(20_000, 64 * 1024 * 1024);
        let app = TestApp::new(&channel(rooms().0).with_config(config));
        let mut slow = app.connect().await.unwrap();
        slow.join(TOPIC, json!({})).await.unwrap_ok();
        let broadcaster = app.broadcaster();
        for n in 0..10_000 {
            // It hangs now and then, at moments that have nothing to do with the frames.
            match n % 1_000 {
                0 => slow.pause_reading(),
                500 => slow.resume_reading(),
                _ => {}
            }
            broadcaster.broadcast((TOPIC, "burst", json!({ "n": n })));
            if n % 7 == 0 {
                app.settle();
            }
        }
        slow.resume_reading();
        for n in 0..10_000 {
            assert_eq!(slow.event(TOPIC, "burst").await, json!({ "n": n }));
        }
        slow.assert_quiet();
    });
}

#[test]
fn o_6_a_member_that_falls_too_far_behind_is_told_by_a_close() {
    block_on(async {
        let app =
            TestApp::new(&channel(rooms().0).with_config(Config::new().mailbox(100, 1 << 20)));
        let mut slow = app.connect().await.unwrap();
        let mut quick = app.connect().await.unwrap();
        slow.join(TOPIC, json!({})).await.unwrap_ok();
        quick.join(TOPIC, json!({})).await.unwrap_ok();
        slow.pause_reading();
        let broadcaster = app.broadcaster();
        for n in 0..10_000 {
            broadcaster.broadcast((TOPIC, "burst", json!({ "n": n })));
            app.settle();
        }
        slow.resume_reading();
        // What came is a run from the start without a gap, and then the close.
        let mut expected = 0;
        let code = loop {
            match slow.frame().await {
                Frame::Text(text) => {
                    let frame: Value = serde_json::from_str(&text).unwrap();
                    assert_eq!(frame[4], json!({ "n": expected }));
                    expected += 1;
                }
                Frame::Close(code) => break code,
                other => panic!("{other:?}"),
            }
        };
        assert_eq!(code, 1013);
        // The one that keeps up has everything.
        for n in 0..10_000 {
            assert_eq!(quick.event(TOPIC, "burst").await, json!({ "n": n }));
        }
    });
}

/// What was sent in one go is answered in that order, whether a handler or the socket answers.
#[test]
fn b_3_refusals_of_all_kinds_come_in_the_order_of_the_joins() {
    block_on(async {
        let config = Config::new().max_topics(1);
        let app = TestApp::new(&channel(rooms().0).with_config(config));
        let mut client = app.connect().await.unwrap();
        let sent = [
            ("rooms:private", "phx_join", "unauthorized"),
            ("rooms:crash_on_join", "phx_join", "join crashed"),
            ("phoenix", "phx_join", "unmatched topic"),
            ("nowhere", "new:msg", "unmatched topic"),
            ("rooms:lobby", "phx_join", ""),
            ("rooms:second", "phx_join", "too many channels joined"),
            ("phoenix", "heartbeat", ""),
            ("rooms:lobby", "phx_leave", ""),
        ];
        for (reference, (topic, event, _)) in sent.iter().enumerate() {
            client.send_text(json!([null, reference, topic, event, {}]).to_string());
        }
        for (reference, (.., reason)) in sent.iter().enumerate() {
            let reply = client.message().await;
            assert_eq!(reply.reference, json!(reference));
            let response = &reply.payload["response"];
            assert_eq!(response["reason"].as_str().unwrap_or_default(), *reason);
        }
    });
}
