//! P-1 to P-6, B-1, B-2.

use crate::app::{Rooms, app, both, exchange};
use futures_lite::future::block_on;
use phx_channels::testing::{TestApp, TestClient};
use serde_json::json;

const TOPIC: &str = "rooms:lobby";

async fn member(app: &TestApp<Rooms>) -> TestClient {
    let mut client = app.connect().await.unwrap();
    client.join(TOPIC, json!({})).await.unwrap_ok();
    client
}

#[test]
fn p_1_a_push() {
    block_on(async {
        let app = app();
        let (mut v2, mut v1) = both(&app).await;
        v2.join(TOPIC, json!({})).await.unwrap_ok();
        v1.join(TOPIC, json!({})).await.unwrap_ok();
        let reply = json!({"status": "ok", "response": {}});
        exchange(
            &mut v2,
            json!(["1", "7", TOPIC, "push_me", {"x": 1}]),
            &[
                json!(["1", null, TOPIC, "pushed", {"x": 1}]),
                json!(["1", "7", TOPIC, "phx_reply", reply]),
            ],
        )
        .await;
        exchange(
            &mut v1,
            json!({"topic": TOPIC, "event": "push_me", "payload": {"x": 1}, "ref": "7"}),
            &[
                json!({"topic": TOPIC, "event": "pushed", "payload": {"x": 1}, "ref": null}),
                json!({"topic": TOPIC, "event": "phx_reply", "payload": reply, "ref": "7"}),
            ],
        )
        .await;
    });
}

#[test]
fn p_2_b_1_a_broadcast_carries_no_join_ref() {
    block_on(async {
        let app = app();
        let (mut v2, mut v1) = both(&app).await;
        let mut sender = member(&app).await;
        v2.join(TOPIC, json!({})).await.unwrap_ok();
        v1.join(TOPIC, json!({})).await.unwrap_ok();
        // `rebroadcast` sends the client's own event on, references and all.
        for event in ["shout", "rebroadcast"] {
            let broadcast = json!([null, null, TOPIC, event, {"body": "hi"}]);
            let push = json!(["1", "7", TOPIC, event, {"body": "hi"}]);
            exchange(&mut sender, push, std::slice::from_ref(&broadcast)).await;
            crate::app::receive_frames(&mut v2, &[broadcast]).await;
            let broadcast =
                json!({"topic": TOPIC, "event": event, "payload": {"body": "hi"}, "ref": null});
            crate::app::receive_frames(&mut v1, &[broadcast]).await;
        }
    });
}

#[test]
fn p_2_a_payload_that_is_passed_on_keeps_its_bytes() {
    block_on(async {
        let app = app();
        let mut client = member(&app).await;
        // White space, escapes and numbers that a JSON library would write differently.
        let payload = r#"{ "a" : 1.50, "b":"\u00e9",  "c":[ ] }"#;
        client.send_text(format!(r#"["1","7","{TOPIC}","rebroadcast",{payload}]"#));
        let frame = phx_channels::testing::Frame::Text(format!(
            r#"[null,null,"{TOPIC}","rebroadcast",{payload}]"#
        ));
        assert_eq!(client.frame().await, frame);
    });
}

#[test]
fn p_2_a_broadcast_from_outside_of_a_handler() {
    block_on(async {
        let app = app();
        let mut client = member(&app).await;
        app.broadcaster()
            .broadcast((TOPIC, "news", json!({"n": 1})));
        app.broadcaster().broadcast(("rooms:nobody", "news"));
        assert_eq!(client.event(TOPIC, "news").await, json!({"n": 1}));
        client.assert_quiet();
    });
}

#[test]
fn p_2_what_is_not_an_object_is_not_sent() {
    block_on(async {
        let app = app();
        let mut client = member(&app).await;
        for payload in [json!([1]), json!("x"), json!(5)] {
            exchange(
                &mut client,
                json!(["1", "7", TOPIC, "rebroadcast", payload]),
                &[],
            )
            .await;
        }
        // Except for null, which says "no payload".
        let broadcast = json!([null, null, TOPIC, "rebroadcast", {}]);
        exchange(
            &mut client,
            json!(["1", "7", TOPIC, "rebroadcast", null]),
            &[broadcast],
        )
        .await;
    });
}

#[test]
fn p_3_b_2_broadcast_from_leaves_out_the_sending_instance_only() {
    block_on(async {
        let app = app();
        let mut sender = member(&app).await;
        let mut other = member(&app).await;
        // Another connection of the same user, as far as the server knows.
        let mut elsewhere = member(&app).await;
        exchange(
            &mut sender,
            json!(["1", "7", TOPIC, "shout_from", {"x": 1}]),
            &[],
        )
        .await;
        for client in [&mut other, &mut elsewhere] {
            assert_eq!(client.event(TOPIC, "shout").await, json!({"x": 1}));
        }
    });
}

#[test]
fn p_6_sending_in_a_join_waits_for_the_reply() {
    block_on(async {
        let app = app();
        let mut first = app.connect().await.unwrap();
        first.join("rooms:welcome", json!({})).await.unwrap_ok();
        first.event("rooms:welcome", "welcome").await;
        first.event("rooms:welcome", "entered").await;
        first.assert_quiet();

        let mut second = app.connect().await.unwrap();
        second.start_join("rooms:welcome", json!({}));
        let events = [
            second.message().await.event,
            second.message().await.event,
            second.message().await.event,
        ];
        assert_eq!(events, ["phx_reply", "welcome", "entered"]);
        // The members hear of the new one as well, and a refused join is heard of by nobody.
        first.event("rooms:welcome", "entered").await;
        first.join("rooms:private", json!({})).await.unwrap_error();
        first.assert_quiet();
    });
}
