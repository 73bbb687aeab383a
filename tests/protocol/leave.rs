//! L-1 to L-7.

use crate::app::{app, both, exchange, receive_frames, rooms, send_frame};
use futures_lite::future::block_on;
use phx_channels::{channel, testing::TestApp};
use serde_json::{Value, json};

const TOPIC: &str = "rooms:lobby";

fn ok(join_ref: &str, reference: &str, topic: &str) -> Value {
    json!([join_ref, reference, topic, "phx_reply", {"status": "ok", "response": {}}])
}

#[test]
fn l_1_a_leave() {
    block_on(async {
        let app = app();
        let (mut v2, mut v1) = both(&app).await;
        v2.join(TOPIC, json!({})).await.unwrap_ok();
        v1.join(TOPIC, json!({})).await.unwrap_ok();
        exchange(
            &mut v2,
            json!(["1", "10", TOPIC, "phx_leave", {}]),
            &[
                ok("1", "10", TOPIC),
                json!(["1", "1", TOPIC, "phx_close", {}]),
            ],
        )
        .await;
        exchange(
            &mut v1,
            json!({"topic": TOPIC, "event": "phx_leave", "payload": {}, "ref": "10"}),
            &[
                json!({
                    "topic": TOPIC,
                    "event": "phx_reply",
                    "payload": {"status": "ok", "response": {}},
                    "ref": "10",
                }),
                json!({"topic": TOPIC, "event": "phx_close", "payload": {}, "ref": null}),
            ],
        )
        .await;
    });
}

#[test]
fn l_1b_what_a_leave_handler_pushes_follows_the_close() {
    block_on(async {
        let mut client = app().connect().await.unwrap();
        let topic = "rooms:watched:x";
        client.join(topic, json!({})).await.unwrap_ok();
        exchange(
            &mut client,
            json!(["1", "10", topic, "phx_leave", {}]),
            &[
                ok("1", "10", topic),
                json!(["1", "1", topic, "phx_close", {}]),
                json!(["1", null, topic, "goodbye", {}]),
            ],
        )
        .await;
    });
}

#[test]
fn l_2_a_leave_of_a_topic_that_is_not_joined() {
    block_on(async {
        let mut client = app().connect().await.unwrap();
        let leave = json!(["3", "10", TOPIC, "phx_leave", {}]);
        exchange(&mut client, leave, &[ok("3", "10", TOPIC)]).await;
    });
}

#[test]
fn l_3_a_leave_with_a_stale_join_ref() {
    block_on(async {
        let mut client = app().connect().await.unwrap();
        client.join(TOPIC, json!({})).await.unwrap_ok();
        exchange(&mut client, json!(["0", "10", TOPIC, "phx_leave", {}]), &[]).await;
        client.call(TOPIC, "ok_empty", json!({})).await.unwrap_ok();
    });
}

#[test]
fn l_3_a_stale_leave_does_not_hide_the_one_that_counts() {
    block_on(async {
        let (rooms, control) = rooms();
        let app = TestApp::new(&channel(rooms));
        let mut client = app.connect().await.unwrap();
        client.join(TOPIC, json!({})).await.unwrap_ok();
        send_frame(&client, &json!(["1", "9", TOPIC, "wait", {}]));
        send_frame(&client, &json!(["0", "10", TOPIC, "phx_leave", {}]));
        send_frame(&client, &json!(["1", "11", TOPIC, "phx_leave", {}]));
        client.assert_quiet();
        control.gate.send(()).await.unwrap();
        let waited = json!({"status": "ok", "response": {"waited": {}}});
        receive_frames(
            &mut client,
            &[
                json!(["1", "9", TOPIC, "phx_reply", waited]),
                ok("1", "11", TOPIC),
                json!(["1", "1", TOPIC, "phx_close", {}]),
            ],
        )
        .await;
        client.assert_quiet();
    });
}

#[test]
fn l_4_a_leave_without_join_ref() {
    block_on(async {
        let mut client = app().connect().await.unwrap();
        client.join(TOPIC, json!({})).await.unwrap_ok();
        exchange(
            &mut client,
            json!([null, "10", TOPIC, "phx_leave", {}]),
            &[
                ok("1", "10", TOPIC),
                json!(["1", "1", TOPIC, "phx_close", {}]),
            ],
        )
        .await;
    });
}

#[test]
fn l_5_a_push_behind_a_leave() {
    block_on(async {
        let mut client = app().connect().await.unwrap();
        client.join(TOPIC, json!({})).await.unwrap_ok();
        client.leave(TOPIC).await.unwrap_ok();
        client.event(TOPIC, "phx_close").await;
        let unmatched = json!({"status": "error", "response": {"reason": "unmatched topic"}});
        exchange(
            &mut client,
            json!(["1", "11", TOPIC, "echo", {}]),
            &[json!([null, "11", TOPIC, "phx_reply", unmatched])],
        )
        .await;
    });
}

#[test]
fn l_6_a_leave_and_a_join_in_one_go() {
    block_on(async {
        let mut client = app().connect().await.unwrap();
        client.join(TOPIC, json!({})).await.unwrap_ok();
        send_frame(&client, &json!(["1", "10", TOPIC, "phx_leave", {}]));
        send_frame(&client, &json!(["11", "11", TOPIC, "phx_join", {}]));
        receive_frames(
            &mut client,
            &[
                ok("1", "10", TOPIC),
                json!(["1", "1", TOPIC, "phx_close", {}]),
                ok("11", "11", TOPIC),
            ],
        )
        .await;
        let push = json!(["11", "12", TOPIC, "ok_empty", {}]);
        exchange(&mut client, push, &[ok("11", "12", TOPIC)]).await;
    });
}

#[test]
fn l_6b_a_join_a_push_and_a_leave_in_one_go() {
    block_on(async {
        let mut client = app().connect().await.unwrap();
        send_frame(&client, &json!(["3", "3", TOPIC, "phx_join", {}]));
        send_frame(&client, &json!(["3", "4", TOPIC, "ok_empty", {}]));
        send_frame(&client, &json!(["3", "5", TOPIC, "phx_leave", {}]));
        receive_frames(
            &mut client,
            &[
                ok("3", "3", TOPIC),
                ok("3", "4", TOPIC),
                ok("3", "5", TOPIC),
                json!(["3", "3", TOPIC, "phx_close", {}]),
            ],
        )
        .await;
        client.assert_quiet();
    });
}

#[test]
fn l_6c_two_leaves_in_one_go_are_answered_once() {
    block_on(async {
        let mut client = app().connect().await.unwrap();
        client.join(TOPIC, json!({})).await.unwrap_ok();
        send_frame(&client, &json!(["1", "10", TOPIC, "phx_leave", {}]));
        send_frame(&client, &json!(["1", "11", TOPIC, "phx_leave", {}]));
        let close = json!(["1", "1", TOPIC, "phx_close", {}]);
        receive_frames(&mut client, &[ok("1", "10", TOPIC), close]).await;
        client.assert_quiet();
    });
}

#[test]
fn l_6d_a_join_behind_a_leave_does_not_wait_for_a_busy_handler() {
    block_on(async {
        let (rooms, _control) = rooms();
        let app = TestApp::new(&channel(rooms));
        let mut client = app.connect().await.unwrap();
        client.join(TOPIC, json!({})).await.unwrap_ok();
        send_frame(&client, &json!(["1", "9", TOPIC, "wait", {}]));
        send_frame(&client, &json!(["1", "10", TOPIC, "phx_leave", {}]));
        client.assert_quiet();
        send_frame(&client, &json!(["11", "11", TOPIC, "phx_join", {}]));
        receive_frames(
            &mut client,
            &[
                ok("1", "10", TOPIC),
                json!(["1", "1", TOPIC, "phx_close", {}]),
                ok("11", "11", TOPIC),
            ],
        )
        .await;
    });
}

#[test]
fn l_7_the_handler_learns_why() {
    block_on(async {
        let app = app();
        let mut watcher = app.connect().await.unwrap();
        watcher.join("rooms:watch:x", json!({})).await.unwrap_ok();
        for (event, reason) in [
            ("phx_leave", "left"),
            ("stop", "stopped"),
            ("stop_error", "crashed"),
            ("boom", "crashed"),
        ] {
            let mut client = app.connect().await.unwrap();
            client.join("rooms:watched:x", json!({})).await.unwrap_ok();
            client.push("rooms:watched:x", event, json!({}));
            let ended = watcher.event("rooms:watch:x", "ended").await;
            assert_eq!(ended, json!({"reason": reason}), "{event}");
            drop(client);
            watcher.assert_quiet();
        }
        let mut client = app.connect().await.unwrap();
        client.join("rooms:watched:x", json!({})).await.unwrap_ok();
        drop(client);
        let ended = watcher.event("rooms:watch:x", "ended").await;
        assert_eq!(ended, json!({"reason": "closed"}));
    });
}

#[test]
fn l_7b_what_was_sent_before_the_disconnect_is_still_handled() {
    block_on(async {
        let (rooms, control) = rooms();
        let app = TestApp::new(&channel(rooms));
        let mut watcher = app.connect().await.unwrap();
        watcher.join(TOPIC, json!({})).await.unwrap_ok();
        let mut client = app.connect().await.unwrap();
        client.join(TOPIC, json!({})).await.unwrap_ok();
        client.push(TOPIC, "wait", json!({}));
        client.push(TOPIC, "shout", json!({"n": 1}));
        drop(client);
        watcher.assert_quiet();
        control.gate.send(()).await.unwrap();
        assert_eq!(watcher.event(TOPIC, "shout").await, json!({"n": 1}));
        assert_eq!(control.disconnects.len(), 1);
        drop(watcher);
        assert!(app.is_idle(), "a task is left");
    });
}
