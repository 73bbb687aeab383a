//! M-1 to M-11, and how references travel (ENC-9, ENC-10, ENC-11).

use crate::app::{app, both, exchange, rooms};
use futures_lite::future::block_on;
use phx_channels::{
    channel,
    testing::{TestApp, TestClient},
};
use serde_json::{Value, json};

const TOPIC: &str = "rooms:lobby";

async fn joined() -> TestClient {
    let mut client = app().connect().await.unwrap();
    let reply = json!(["3", "3", TOPIC, "phx_reply", {"status": "ok", "response": {}}]);
    exchange(
        &mut client,
        json!(["3", "3", TOPIC, "phx_join", {}]),
        &[reply],
    )
    .await;
    client
}

async fn expect_reply(event: &str, payload: Value, status: &str, response: Value) {
    let app = app();
    let (mut v2, mut v1) = both(&app).await;
    v2.join(TOPIC, json!({})).await.unwrap_ok();
    v1.join(TOPIC, json!({})).await.unwrap_ok();
    let reply = json!({"status": status, "response": response});
    exchange(
        &mut v2,
        json!(["1", "7", TOPIC, event, payload]),
        &[json!(["1", "7", TOPIC, "phx_reply", reply])],
    )
    .await;
    exchange(
        &mut v1,
        json!({"topic": TOPIC, "event": event, "payload": payload, "ref": "7"}),
        &[json!({"topic": TOPIC, "event": "phx_reply", "payload": reply, "ref": "7"})],
    )
    .await;
}

#[test]
fn m_1_an_ok_reply() {
    block_on(async {
        expect_reply("echo", json!({"id": 1}), "ok", json!({"id": 1})).await;
        expect_reply("ok_empty", json!({}), "ok", json!({})).await;
    });
}

#[test]
fn m_2_an_error_reply() {
    block_on(async {
        expect_reply("fail", json!({"id": 1}), "error", json!({"id": 1})).await;
        expect_reply("fail_text", json!({}), "error", json!({"reason": "no"})).await;
    });
}

#[test]
fn m_3_a_reply_with_another_status() {
    block_on(expect_reply(
        "custom_status",
        json!({}),
        "rate_limited",
        json!({}),
    ));
}

#[test]
fn m_4_no_reply() {
    block_on(async {
        let mut client = joined().await;
        exchange(&mut client, json!(["3", "7", TOPIC, "silent", {}]), &[]).await;
    });
}

#[test]
fn m_5_a_late_reply_keeps_its_references() {
    block_on(async {
        let (rooms, control) = rooms();
        let app = TestApp::new(&channel(rooms));
        let mut client = app.connect().await.unwrap();
        client.join(TOPIC, json!({})).await.unwrap_ok();
        exchange(&mut client, json!(["1", "7", TOPIC, "wait", {"n": 1}]), &[]).await;
        control.gate.send(()).await.unwrap();
        let reply = client.message().await;
        assert_eq!(
            (reply.join_reference, reply.reference),
            (json!("1"), json!("7"))
        );
        assert_eq!(reply.payload["response"], json!({"waited": {"n": 1}}));
    });
}

#[test]
fn m_6_two_replies_to_one_push() {
    block_on(async {
        let mut client = joined().await;
        let reply = |n: u32| json!({"status": "ok", "response": {"n": n}});
        exchange(
            &mut client,
            json!(["3", "7", TOPIC, "twice", {}]),
            &[
                json!(["3", "7", TOPIC, "phx_reply", reply(1)]),
                json!(["3", "7", TOPIC, "phx_reply", reply(2)]),
            ],
        )
        .await;
    });
}

#[test]
fn m_7_binary_payloads_wait_for_binary_frames() {
    // Until binary frames are spoken, one is a frame that does not decode: dropped, nothing else.
    block_on(async {
        let mut client = joined().await;
        client.send_binary([0, 1, 1, 11, 4]);
        client.assert_quiet();
        let beat = json!([null, "2", "phoenix", "phx_reply", {"status": "ok", "response": {}}]);
        exchange(
            &mut client,
            json!([null, "2", "phoenix", "heartbeat", {}]),
            &[beat],
        )
        .await;
    });
}

#[test]
fn m_8_a_response_of_any_json_type() {
    block_on(async {
        for response in [json!([1, 2]), json!("text"), json!(7), json!(true)] {
            expect_reply("echo", response.clone(), "ok", response).await;
        }
    });
}

#[test]
fn m_9_a_push_to_a_topic_that_is_not_joined() {
    block_on(async {
        let app = app();
        let (mut v2, mut v1) = both(&app).await;
        let unmatched = json!({"status": "error", "response": {"reason": "unmatched topic"}});
        exchange(
            &mut v2,
            json!(["3", "8", "rooms:other", "new:msg", {}]),
            &[json!([null, "8", "rooms:other", "phx_reply", unmatched])],
        )
        .await;
        exchange(
            &mut v1,
            json!({"topic": "rooms:other", "event": "new:msg", "payload": {}, "ref": "8"}),
            &[json!({"topic": "rooms:other", "event": "phx_reply", "payload": unmatched, "ref": "8"})],
        )
        .await;
    });
}

#[test]
fn m_10_a_stale_join_ref() {
    block_on(async {
        let mut client = joined().await;
        exchange(&mut client, json!(["1", "8", TOPIC, "echo", {}]), &[]).await;
        exchange(&mut client, json!([3, "9", TOPIC, "echo", {}]), &[]).await;
    });
}

#[test]
fn m_11_no_join_ref() {
    block_on(async {
        let mut client = joined().await;
        let reply = json!({"status": "ok", "response": {"x": 1}});
        exchange(
            &mut client,
            json!([null, "8", TOPIC, "echo", {"x": 1}]),
            &[json!(["3", "8", TOPIC, "phx_reply", reply])],
        )
        .await;
    });
}

#[test]
fn enc_9_references_come_back_as_they_came() {
    block_on(async {
        let mut client = app().connect().await.unwrap();
        for (n, reference) in [
            json!(3),
            json!(1.5),
            json!(true),
            json!([1, "a"]),
            json!({"a": 1}),
            json!("3"),
        ]
        .into_iter()
        .enumerate()
        {
            let topic = format!("rooms:enc{n}");
            let ok = json!({"status": "ok", "response": {}});
            exchange(
                &mut client,
                json!([reference, reference, topic, "phx_join", {}]),
                &[json!([reference, reference, topic, "phx_reply", ok])],
            )
            .await;
            exchange(
                &mut client,
                json!([reference, reference, topic, "phx_leave", {}]),
                &[
                    json!([reference, reference, topic, "phx_reply", ok]),
                    json!([reference, reference, topic, "phx_close", {}]),
                ],
            )
            .await;
        }
    });
}

#[test]
fn enc_9c_a_number_is_not_a_text() {
    block_on(async {
        let mut client = joined().await;
        exchange(&mut client, json!([3, "9", TOPIC, "phx_leave", {}]), &[]).await;
        // The same text written with an escape is the same reference.
        client.send_text(r#"["\u0033","9","rooms:lobby","ok_empty",{}]"#);
        assert_eq!(client.message().await.reference, json!("9"));
    });
}

#[test]
fn enc_10_elements_behind_the_fifth_are_ignored() {
    block_on(async {
        let mut client = joined().await;
        let reply = json!(["3", "7", TOPIC, "phx_reply", {"status": "ok", "response": {}}]);
        let push = json!(["3", "7", TOPIC, "ok_empty", {}, 6, {"seven": [7]}]);
        exchange(&mut client, push, &[reply]).await;
    });
}

#[test]
fn enc_11_version_1_may_send_a_join_ref() {
    block_on(async {
        let mut client = app().connect().vsn(None).await.unwrap();
        let ok = json!({"status": "ok", "response": {}});
        let message = |event: &str, reference: &str| json!({"topic": TOPIC, "event": event, "payload": {}, "ref": reference, "join_ref": "j"});
        let reply = |reference: &str| json!({"topic": TOPIC, "event": "phx_reply", "payload": ok, "ref": reference});
        exchange(&mut client, message("phx_join", "3"), &[reply("3")]).await;
        let close = json!({"topic": TOPIC, "event": "phx_close", "payload": {}, "ref": "j"});
        exchange(&mut client, message("phx_leave", "4"), &[reply("4"), close]).await;
    });
}
