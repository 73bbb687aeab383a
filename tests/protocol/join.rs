//! J-1 to J-10.

use crate::app::{app, both, exchange, receive_frames, rooms, send_frame};
use futures_lite::future::block_on;
use phx_channels::{
    channel,
    testing::{TestApp, TestClient},
};
use serde_json::{Value, json};

/// The reply to a join with this `join_ref` and `ref`.
fn reply(
    join_ref: &Value,
    reference: &Value,
    topic: &str,
    status: &str,
    response: &Value,
) -> Value {
    let payload = json!({"status": status, "response": response});
    json!([join_ref, reference, topic, "phx_reply", payload])
}

fn reply_v1(reference: &Value, topic: &str, status: &str, response: &Value) -> Value {
    let payload = json!({"status": status, "response": response});
    json!({"topic": topic, "event": "phx_reply", "payload": payload, "ref": reference})
}

/// Joins in both versions and expects one reply.
async fn join_both(topic: &str, status: &str, response: Value) {
    let app = app();
    let (mut v2, mut v1) = both(&app).await;
    exchange(
        &mut v2,
        json!(["3", "3", topic, "phx_join", {}]),
        &[reply(&json!("3"), &json!("3"), topic, status, &response)],
    )
    .await;
    exchange(
        &mut v1,
        json!({"topic": topic, "event": "phx_join", "payload": {}, "ref": "3"}),
        &[reply_v1(&json!("3"), topic, status, &response)],
    )
    .await;
}

#[test]
fn j_1_an_accepted_join() {
    block_on(join_both("rooms:lobby", "ok", json!({})));
}

#[test]
fn j_2_an_accepted_join_with_a_response() {
    block_on(async {
        let mut client = app().connect().await.unwrap();
        let topic = "rooms:welcome";
        exchange(
            &mut client,
            json!(["3", "3", topic, "phx_join", {}]),
            &[
                reply(
                    &json!("3"),
                    &json!("3"),
                    topic,
                    "ok",
                    &json!({"motd": "hi"}),
                ),
                json!(["3", null, topic, "welcome", {"n": 1}]),
                json!([null, null, topic, "entered", {}]),
            ],
        )
        .await;
    });
}

#[test]
fn j_3_b_3_a_refused_join() {
    // What the handler pushed and broadcast before it refused is never sent, and no phx_error or
    // phx_close follows.
    block_on(join_both(
        "rooms:private",
        "error",
        json!({"reason": "unauthorized"}),
    ));
}

#[test]
fn j_4_no_route() {
    block_on(async {
        let app = app();
        let (mut v2, mut v1) = both(&app).await;
        let unmatched = json!({"reason": "unmatched topic"});
        exchange(
            &mut v2,
            json!(["3", "3", "nope:1", "phx_join", {}]),
            &[reply(
                &json!(null),
                &json!("3"),
                "nope:1",
                "error",
                &unmatched,
            )],
        )
        .await;
        exchange(
            &mut v1,
            json!({"topic": "nope:1", "event": "phx_join", "payload": {}, "ref": "3"}),
            &[reply_v1(&json!("3"), "nope:1", "error", &unmatched)],
        )
        .await;
    });
}

#[test]
fn j_5_a_panic_in_a_join() {
    block_on(join_both(
        "rooms:crash_on_join",
        "error",
        json!({"reason": "join crashed"}),
    ));
}

#[test]
fn j_5_a_panic_behind_an_accepted_join_is_a_crash() {
    block_on(async {
        let mut client = app().connect().await.unwrap();
        let topic = "rooms:crash_after_join";
        exchange(
            &mut client,
            json!(["3", "3", topic, "phx_join", {}]),
            &[
                reply(&json!("3"), &json!("3"), topic, "ok", &json!({})),
                json!(["3", "3", topic, "phx_error", {"reason": "channel_crash"}]),
            ],
        )
        .await;
    });
}

#[test]
fn j_7_a_second_join_replaces_the_first() {
    block_on(async {
        let app = app();
        let (mut v2, mut v1) = both(&app).await;
        let topic = "rooms:j7";
        let (three, nine) = (json!("3"), json!("9"));
        exchange(
            &mut v2,
            json!(["3", "3", topic, "phx_join", {}]),
            &[reply(&three, &three, topic, "ok", &json!({}))],
        )
        .await;
        exchange(
            &mut v2,
            json!(["9", "9", topic, "phx_join", {}]),
            &[
                reply(&nine, &nine, topic, "ok", &json!({})),
                json!(["3", "3", topic, "phx_close", {}]),
            ],
        )
        .await;
        // Frames of the new instance carry its own join_ref, and a broadcast comes once.
        exchange(
            &mut v2,
            json!(["9", "10", topic, "push_me", {"x": 1}]),
            &[
                json!(["9", null, topic, "pushed", {"x": 1}]),
                reply(&nine, &json!("10"), topic, "ok", &json!({})),
            ],
        )
        .await;
        exchange(
            &mut v2,
            json!(["9", "11", topic, "shout", {}]),
            &[json!([null, null, topic, "shout", {}])],
        )
        .await;

        let join = |r: &str| json!({"topic": topic, "event": "phx_join", "payload": {}, "ref": r});
        exchange(
            &mut v1,
            join("3"),
            &[reply_v1(&three, topic, "ok", &json!({}))],
        )
        .await;
        exchange(
            &mut v1,
            join("9"),
            &[
                reply_v1(&nine, topic, "ok", &json!({})),
                json!({"topic": topic, "event": "phx_close", "payload": {}, "ref": null}),
            ],
        )
        .await;
    });
}

#[test]
fn j_7a_the_same_join_ref_twice() {
    block_on(async {
        let mut client = app().connect().await.unwrap();
        let (topic, three) = ("rooms:j7a", json!("3"));
        for frames in [1, 2] {
            let expected = [
                reply(&three, &three, topic, "ok", &json!({})),
                json!(["3", "3", topic, "phx_close", {}]),
            ];
            let join = json!(["3", "3", topic, "phx_join", {}]);
            exchange(&mut client, join, &expected[..frames]).await;
        }
    });
}

#[test]
fn j_7b_a_refused_second_join_still_ends_the_first() {
    block_on(async {
        let mut client = app().connect().await.unwrap();
        let (topic, three, nine) = ("rooms:if_allowed", json!("3"), json!("9"));
        exchange(
            &mut client,
            json!(["3", "3", topic, "phx_join", {"allow": true}]),
            &[reply(&three, &three, topic, "ok", &json!({}))],
        )
        .await;
        exchange(
            &mut client,
            json!(["9", "9", topic, "phx_join", {"allow": false}]),
            &[
                reply(
                    &nine,
                    &nine,
                    topic,
                    "error",
                    &json!({"reason": "unauthorized"}),
                ),
                json!(["3", "3", topic, "phx_close", {}]),
            ],
        )
        .await;
        let unmatched = json!({"reason": "unmatched topic"});
        exchange(
            &mut client,
            json!(["3", "10", topic, "echo", {}]),
            &[reply(
                &json!(null),
                &json!("10"),
                topic,
                "error",
                &unmatched,
            )],
        )
        .await;
    });
}

#[test]
fn j_7c_the_replaced_instance_is_told() {
    block_on(async {
        let app = app();
        let (mut client, mut watcher) =
            (app.connect().await.unwrap(), app.connect().await.unwrap());
        watcher.join("rooms:watch:x", json!({})).await.unwrap_ok();
        client.join("rooms:watched:x", json!({})).await.unwrap_ok();
        client.join("rooms:watched:x", json!({})).await.unwrap_ok();
        let ended = watcher.event("rooms:watch:x", "ended").await;
        assert_eq!(ended, json!({"reason": "replaced"}));
    });
}

#[test]
fn j_7d_the_replaced_instance_is_cut_off() {
    block_on(async {
        let (rooms, control) = rooms();
        let app = TestApp::new(&channel(rooms));
        let mut client = app.connect().await.unwrap();
        let (topic, nine) = ("rooms:j7d", json!("9"));
        client.join(topic, json!({})).await.unwrap_ok();
        send_frame(&client, &json!(["1", "5", topic, "wait", {}]));
        send_frame(&client, &json!(["1", "6", topic, "echo", {}]));
        client.assert_quiet();
        exchange(
            &mut client,
            json!(["9", "9", topic, "phx_join", {}]),
            &[
                reply(&nine, &nine, topic, "ok", &json!({})),
                json!(["1", "1", topic, "phx_close", {}]),
            ],
        )
        .await;
        // Its pending reply never comes, even when what it waited for happens: nobody takes it.
        control.gate.send(()).await.unwrap();
        client.assert_quiet();
        assert_eq!(control.gate.len(), 1);
    });
}

#[test]
fn j_8_a_join_without_join_ref() {
    block_on(async {
        let mut client = app().connect().await.unwrap();
        let (topic, four) = ("rooms:j8", json!("4"));
        exchange(
            &mut client,
            json!([null, "4", topic, "phx_join", {}]),
            &[reply(&json!(null), &four, topic, "ok", &json!({}))],
        )
        .await;
        exchange(
            &mut client,
            json!([null, "5", topic, "push_me", {"x": 1}]),
            &[
                json!(["4", null, topic, "pushed", {"x": 1}]),
                reply(&four, &json!("5"), topic, "ok", &json!({})),
            ],
        )
        .await;
        exchange(
            &mut client,
            json!([null, "6", topic, "phx_leave", {}]),
            &[
                reply(&four, &json!("6"), topic, "ok", &json!({})),
                json!([null, null, topic, "phx_close", {}]),
            ],
        )
        .await;
    });
}

#[test]
fn j_8b_a_channel_joined_without_join_ref_takes_any() {
    block_on(async {
        let mut client = app().connect().await.unwrap();
        let topic = "rooms:j8b";
        send_frame(&client, &json!([null, "4", topic, "phx_join", {}]));
        send_frame(&client, &json!(["7", "5", topic, "ok_empty", {}]));
        receive_frames(
            &mut client,
            &[
                reply(&json!(null), &json!("4"), topic, "ok", &json!({})),
                reply(&json!("4"), &json!("5"), topic, "ok", &json!({})),
            ],
        )
        .await;
    });
}

#[test]
fn j_9_odd_payloads_reach_the_handler() {
    block_on(async {
        let mut client = app().connect().await.unwrap();
        for (n, payload) in [
            json!(null),
            json!([1, 2]),
            json!("x"),
            json!({"a": {"b": 1}}),
        ]
        .into_iter()
        .enumerate()
        {
            let (topic, reference) = (format!("rooms:params:{n}"), json!(n));
            exchange(
                &mut client,
                json!([reference, reference, topic, "phx_join", payload]),
                &[reply(
                    &reference,
                    &reference,
                    &topic,
                    "ok",
                    &json!({"params": payload}),
                )],
            )
            .await;
        }
    });
}

#[test]
fn j_10_a_join_and_pushes_in_one_go() {
    block_on(async {
        let (rooms, control) = rooms();
        let app = TestApp::new(&channel(rooms));
        let mut client = app.connect().await.unwrap();
        pipelined(&mut client, "rooms:slow_join");
        // Other topics do not wait for a slow join.
        client.join("rooms:other", json!({})).await.unwrap_ok();
        control.gate.send(()).await.unwrap();
        let (topic, three) = ("rooms:slow_join", json!("30"));
        receive_frames(
            &mut client,
            &[
                reply(&three, &three, topic, "ok", &json!({})),
                reply(&three, &json!("40"), topic, "ok", &json!({"n": 1})),
                reply(&three, &json!("50"), topic, "ok", &json!({"n": 2})),
            ],
        )
        .await;
    });
}

#[test]
fn j_10b_pushes_behind_a_refused_join() {
    block_on(async {
        let mut client = app().connect().await.unwrap();
        pipelined(&mut client, "rooms:private");
        let (topic, three) = ("rooms:private", json!("30"));
        let unmatched = json!({"reason": "unmatched topic"});
        receive_frames(
            &mut client,
            &[
                reply(
                    &three,
                    &three,
                    topic,
                    "error",
                    &json!({"reason": "unauthorized"}),
                ),
                reply(&json!(null), &json!("40"), topic, "error", &unmatched),
                reply(&json!(null), &json!("50"), topic, "error", &unmatched),
            ],
        )
        .await;
    });
}

fn pipelined(client: &mut TestClient, topic: &str) {
    send_frame(client, &json!(["30", "30", topic, "phx_join", {}]));
    send_frame(client, &json!(["30", "40", topic, "echo", {"n": 1}]));
    send_frame(client, &json!(["30", "50", topic, "echo", {"n": 2}]));
}
