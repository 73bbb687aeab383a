//! Frames that are not what they should be, and what they cost: nothing but themselves.

use crate::app::{app, exchange};
use futures_lite::future::block_on;
use serde_json::json;

/// Frames that no version 2 client should send.
const MALFORMED: [&str; 12] = [
    "",
    "{",
    "null",
    "5",
    "[]",
    r#"["1","1","rooms:lobby","phx_join"]"#,
    r#"["1","1",5,"phx_join",{}]"#,
    r#"["1","1","rooms:lobby",5,{}]"#,
    r#"["1","1",null,"phx_join",{}]"#,
    r#"["1","1","rooms:lobby","phx_join",{}"#,
    r#"["1","1","rooms:lobby","phx_join",{}] "x""#,
    r#"{"topic":"rooms:lobby","event":"phx_join","payload":{},"ref":"1"}"#,
];

const MALFORMED_V1: [&str; 6] = [
    "[]",
    r#"["1","1","rooms:lobby","phx_join",{}]"#,
    r#"{"event":"phx_join","payload":{},"ref":"1"}"#,
    r#"{"topic":"rooms:lobby","payload":{},"ref":"1"}"#,
    r#"{"topic":"rooms:lobby","event":"phx_join","ref":"1"}"#,
    r#"{"topic":"rooms:lobby","event":"phx_join","payload":{}}"#,
];

#[test]
fn c_5_a_frame_that_does_not_decode_is_dropped() {
    block_on(async {
        for (vsn, frames) in [("2.0.0", &MALFORMED[..]), ("1.0.0", &MALFORMED_V1[..])] {
            let mut client = app().connect().vsn(Some(vsn)).await.unwrap();
            client.join("rooms:lobby", json!({})).await.unwrap_ok();
            for frame in frames {
                client.send_text(*frame);
                client.assert_quiet();
                client
                    .call("rooms:lobby", "ok_empty", json!({}))
                    .await
                    .unwrap_ok();
            }
        }
    });
}

#[test]
fn c_5_ten_in_a_row_close_the_connection_and_no_other() {
    block_on(async {
        let app = app();
        let (mut bad, mut good) = (app.connect().await.unwrap(), app.connect().await.unwrap());
        good.join("rooms:lobby", json!({})).await.unwrap_ok();
        for _ in 0..2 {
            for _ in 0..9 {
                bad.send_text("garbage");
            }
            // A good frame in between starts the count again.
            bad.join("rooms:lobby", json!({})).await.unwrap_ok();
        }
        // What was sent before them is still answered (C-9).
        bad.send_text(json!([null, "late", "phoenix", "heartbeat", {}]).to_string());
        for _ in 0..10 {
            bad.send_text("garbage");
        }
        while bad.message().await.reference != json!("late") {}
        assert_eq!(bad.closed().await, Some(1011));
        good.call("rooms:lobby", "ok_empty", json!({}))
            .await
            .unwrap_ok();
    });
}

#[test]
fn a_payload_that_does_not_fit_is_answered_with_the_path_of_the_field() {
    block_on(async {
        let mut client = app().connect().await.unwrap();
        client.join("rooms:lobby", json!({})).await.unwrap_ok();
        for (payload, reason) in [
            (json!({}), "missing field `count`"),
            (json!(null), "missing field `count`"),
            (
                json!({"count": "x"}),
                "count: invalid type: string \"x\", expected u64",
            ),
            (
                json!([]),
                "invalid length 0, expected struct Count with 1 element",
            ),
        ] {
            let reply = client.call("rooms:lobby", "typed", payload).await;
            assert_eq!(reply.unwrap_error(), json!({ "reason": reason }));
        }
        assert_eq!(
            client
                .call("rooms:lobby", "typed", json!({"count": 5}))
                .await
                .unwrap_ok(),
            json!(5)
        );
    });
}

#[test]
fn deep_nesting_reaches_the_handler_and_comes_back() {
    block_on(async {
        let mut client = app().connect().await.unwrap();
        client.join("rooms:lobby", json!({})).await.unwrap_ok();
        let depth = 100_000;
        let payload = format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        client.send_text(format!(r#"["1","9","rooms:lobby","echo",{payload}]"#));
        let reply = format!(
            r#"["1","9","rooms:lobby","phx_reply",{{"status":"ok","response":{payload}}}]"#
        );
        assert_eq!(
            client.frame().await,
            phx_channels::testing::Frame::Text(reply)
        );
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
fn topics_are_taken_exactly_as_sent() {
    block_on(async {
        let mut client = app().connect().await.unwrap();
        for topic in [
            "rooms:a/b",
            "rooms:{x}",
            "rooms:",
            "rooms: é 🚀 ",
            "rooms:\u{0}\"\\",
        ] {
            client.join(topic, json!({})).await.unwrap_ok();
            client.push(topic, "shout", json!({"t": topic}));
            assert_eq!(client.event(topic, "shout").await, json!({"t": topic}));
        }
        client.join("Rooms:lobby", json!({})).await.unwrap_error();
        client.assert_quiet();
    });
}

/// Version 1 has no bytes, and clients that send its JSON in binary frames; they are answered in text.
#[test]
fn version_1_is_json_whatever_the_frame() {
    block_on(async {
        let mut client = app().connect().vsn(Some("1.0.0")).await.unwrap();
        let join = json!({"topic": "rooms:lobby", "event": "phx_join", "payload": {}, "ref": "1"});
        client.send_binary(join.to_string());
        let reply = client.message().await;
        assert_eq!((&*reply.event, reply.reference), ("phx_reply", json!("1")));
        // What is no JSON is dropped, in either kind of frame.
        client.send_binary([0xff]);
        client.send_binary("[]");
        client.assert_quiet();
    });
}
