//! E-1 to E-4.

use crate::app::{app, both, exchange, receive_frames, send_frame};
use futures_lite::future::block_on;
use serde_json::{Value, json};

const TOPIC: &str = "rooms:e";

fn unmatched(reference: &str) -> Value {
    let payload = json!({"status": "error", "response": {"reason": "unmatched topic"}});
    json!([null, reference, TOPIC, "phx_reply", payload])
}

#[test]
fn e_1_a_panic_ends_one_channel_and_nothing_else() {
    block_on(async {
        let app = app();
        let (mut v2, mut v1) = both(&app).await;
        v2.join(TOPIC, json!({})).await.unwrap_ok();
        v2.join("rooms:other", json!({})).await.unwrap_ok();
        v1.join(TOPIC, json!({})).await.unwrap_ok();
        exchange(
            &mut v2,
            json!(["1", "5", TOPIC, "boom", {}]),
            &[
                json!(["1", null, TOPIC, "last_words", {}]),
                json!(["1", "1", TOPIC, "phx_error", {"reason": "channel_crash"}]),
            ],
        )
        .await;
        exchange(
            &mut v2,
            json!(["1", "6", TOPIC, "echo", {}]),
            &[unmatched("6")],
        )
        .await;
        v2.call("rooms:other", "ok_empty", json!({}))
            .await
            .unwrap_ok();
        v2.join(TOPIC, json!({})).await.unwrap_ok();

        exchange(
            &mut v1,
            json!({"topic": TOPIC, "event": "boom", "payload": {}, "ref": "5"}),
            &[
                json!({"topic": TOPIC, "event": "last_words", "payload": {}, "ref": null}),
                json!({
                    "topic": TOPIC,
                    "event": "phx_error",
                    "payload": {"reason": "channel_crash"},
                    "ref": null,
                }),
            ],
        )
        .await;
    });
}

#[test]
fn e_1d_what_waited_for_a_crashed_channel_is_lost_with_it() {
    block_on(async {
        let mut client = app().connect().await.unwrap();
        client.join(TOPIC, json!({})).await.unwrap_ok();
        send_frame(&client, &json!(["1", "5", TOPIC, "boom", {}]));
        send_frame(&client, &json!(["1", "6", TOPIC, "echo", {}]));
        receive_frames(
            &mut client,
            &[
                json!(["1", null, TOPIC, "last_words", {}]),
                json!(["1", "1", TOPIC, "phx_error", {"reason": "channel_crash"}]),
            ],
        )
        .await;
        client.assert_quiet();
    });
}

#[test]
fn e_2_a_channel_that_the_server_stops() {
    block_on(async {
        let app = app();
        let (mut v2, mut v1) = both(&app).await;
        v2.join(TOPIC, json!({})).await.unwrap_ok();
        v1.join(TOPIC, json!({})).await.unwrap_ok();
        exchange(
            &mut v2,
            json!(["1", "5", TOPIC, "stop", {}]),
            &[json!(["1", "1", TOPIC, "phx_close", {}])],
        )
        .await;
        exchange(
            &mut v2,
            json!(["1", "6", TOPIC, "echo", {}]),
            &[unmatched("6")],
        )
        .await;
        exchange(
            &mut v1,
            json!({"topic": TOPIC, "event": "stop", "payload": {}, "ref": "5"}),
            &[json!({"topic": TOPIC, "event": "phx_close", "payload": {}, "ref": null})],
        )
        .await;
    });
}

#[test]
fn e_3_a_reply_before_the_close() {
    block_on(async {
        let mut client = app().connect().await.unwrap();
        client.join(TOPIC, json!({})).await.unwrap_ok();
        exchange(
            &mut client,
            json!(["1", "5", TOPIC, "stop_reply", {}]),
            &[
                json!(["1", "5", TOPIC, "phx_reply", {"status": "ok", "response": {"bye": true}}]),
                json!(["1", "1", TOPIC, "phx_close", {}]),
            ],
        )
        .await;
    });
}

#[test]
fn e_4_a_channel_that_the_server_fails() {
    block_on(async {
        let mut client = app().connect().await.unwrap();
        client.join(TOPIC, json!({})).await.unwrap_ok();
        exchange(
            &mut client,
            json!(["1", "5", TOPIC, "stop_error", {}]),
            &[json!(["1", "1", TOPIC, "phx_error", {"reason": "channel_crash"}])],
        )
        .await;
    });
}
