//! H-1 to H-5.

use crate::app::{Rooms, app, both, exchange, receive_frames, send_frame};
use futures_lite::future::block_on;
use phx_channels::testing::TestApp;
use serde_json::json;

#[test]
fn h_1_a_heartbeat_is_answered() {
    block_on(async {
        let app = app();
        let (mut v2, mut v1) = both(&app).await;
        exchange(
            &mut v2,
            json!([null, "2", "phoenix", "heartbeat", {}]),
            &[json!([null, "2", "phoenix", "phx_reply", {"status": "ok", "response": {}}])],
        )
        .await;
        exchange(
            &mut v1,
            json!({"topic": "phoenix", "event": "heartbeat", "payload": {}, "ref": "2"}),
            &[json!({
                "topic": "phoenix",
                "event": "phx_reply",
                "payload": {"status": "ok", "response": {}},
                "ref": "2",
            })],
        )
        .await;
    });
}

#[test]
fn h_2_the_join_ref_of_a_heartbeat_is_not_echoed() {
    block_on(async {
        let mut client = app().connect().await.unwrap();
        exchange(
            &mut client,
            json!(["9", "2", "phoenix", "heartbeat", {}]),
            &[json!([null, "2", "phoenix", "phx_reply", {"status": "ok", "response": {}}])],
        )
        .await;
    });
}

#[test]
fn h_3_any_payload_and_ref_will_do() {
    block_on(async {
        let mut client = app().connect().await.unwrap();
        for payload in [json!(null), json!([1]), json!("x"), json!({"a": 1})] {
            exchange(
                &mut client,
                json!([null, 7, "phoenix", "heartbeat", payload]),
                &[json!([null, 7, "phoenix", "phx_reply", {"status": "ok", "response": {}}])],
            )
            .await;
        }
    });
}

/// A busy topic delays neither a heartbeat nor another topic: the answers overtake it.
async fn overtakes(app: &TestApp<Rooms>, gate: &async_channel::Sender<()>) {
    let mut client = app.connect().await.unwrap();
    client.join("rooms:busy", json!({})).await.unwrap_ok();
    client.join("rooms:free", json!({})).await.unwrap_ok();
    send_frame(&client, &json!(["1", "5", "rooms:busy", "wait", {}]));
    send_frame(&client, &json!([null, "6", "phoenix", "heartbeat", {}]));
    send_frame(&client, &json!(["2", "7", "rooms:free", "echo", {"x": 1}]));
    receive_frames(
        &mut client,
        &[
            json!([null, "6", "phoenix", "phx_reply", {"status": "ok", "response": {}}]),
            json!(["2", "7", "rooms:free", "phx_reply", {"status": "ok", "response": {"x": 1}}]),
        ],
    )
    .await;
    client.assert_quiet();
    gate.send(()).await.unwrap();
    receive_frames(
        &mut client,
        &[json!([
            "1", "5", "rooms:busy", "phx_reply",
            {"status": "ok", "response": {"waited": {}}}
        ])],
    )
    .await;
}

#[test]
fn h_4_a_busy_handler_delays_no_heartbeat_and_no_other_topic() {
    block_on(async {
        let (rooms, control) = crate::app::rooms();
        let app = TestApp::new(&phx_channels::channel(rooms));
        overtakes(&app, &control.gate).await;
    });
}

#[test]
fn h_5_other_events_on_the_topic_phoenix() {
    block_on(async {
        let mut client = app().connect().await.unwrap();
        let unmatched = json!({"status": "error", "response": {"reason": "unmatched topic"}});
        for event in ["hello", "phx_join"] {
            exchange(
                &mut client,
                json!([null, "5", "phoenix", event, {}]),
                &[json!([null, "5", "phoenix", "phx_reply", unmatched])],
            )
            .await;
        }
        exchange(
            &mut client,
            json!([null, "6", "phoenix", "phx_leave", {}]),
            &[json!([null, "6", "phoenix", "phx_reply", {"status": "ok", "response": {}}])],
        )
        .await;
    });
}
