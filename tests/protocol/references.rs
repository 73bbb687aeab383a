//! `ref` and `join_ref`: any JSON value of the client's choice, up to a size.

use crate::app::{app, exchange, rooms};
use futures_lite::future::block_on;
use phx_channels::{
    Config, channel,
    testing::{TestApp, TestClient},
};
use serde_json::{Value, json};

/// A text of so many bytes as JSON.
fn text(bytes: usize) -> String {
    format!("\"{}\"", "x".repeat(bytes - 2))
}

/// A list of so many bytes or one less as JSON, which nobody should look into for each message.
fn list(bytes: usize) -> String {
    format!("[0{}]", ",0".repeat((bytes - 3) / 2))
}

fn frames(join_ref: &str, reference: &str) -> [(&'static str, String); 2] {
    let v2 = format!(r#"[{join_ref},{reference},"rooms:lobby","phx_join",{{}}]"#);
    let v1 = format!(
        r#"{{"join_ref":{join_ref},"ref":{reference},"topic":"rooms:lobby","event":"phx_join","payload":{{}}}}"#
    );
    [("2.0.0", v2), ("1.0.0", v1)]
}

async fn heartbeat(client: &mut TestClient) {
    let beat = client.push("phoenix", "heartbeat", json!({}));
    client.reply(&beat).await.unwrap_ok();
}

#[test]
fn a_reference_of_256_bytes_is_taken() {
    block_on(async {
        for reference in [text(256), list(256), format!("1{}", "0".repeat(255))] {
            for (vsn, frame) in frames(&reference, &reference) {
                let mut client = app().connect().vsn(Some(vsn)).await.unwrap();
                client.send_text(frame);
                let reply = client.message().await;
                let sent: Value = serde_json::from_str(&reference).unwrap();
                assert_eq!(reply.reference, sent);
            }
        }
    });
}

#[test]
fn a_message_with_a_longer_one_is_dropped() {
    block_on(async {
        for long in [text(257), list(258), text(1024 * 1000)] {
            for (join_ref, reference) in [(&*long, "\"1\""), ("\"1\"", &*long), ("null", &*long)] {
                for (vsn, frame) in frames(join_ref, reference) {
                    let mut client = app().connect().vsn(Some(vsn)).await.unwrap();
                    client.send_text(frame);
                    client.assert_quiet();
                    heartbeat(&mut client).await;
                }
            }
        }
    });
}

#[test]
fn escapes_in_a_binary_frame_count_as_they_would_be_sent() {
    block_on(async {
        let mut client = app().connect().await.unwrap();
        // As JSON each of these bytes has six.
        let frame = [0, 0, 43, 7, 9];
        let names = ["\u{1}".repeat(43), "phoenix".into(), "heartbeat".into()].concat();
        client.send_binary([&frame, names.as_bytes()].concat());
        client.assert_quiet();
        heartbeat(&mut client).await;
    });
}

#[test]
fn ten_messages_with_longer_ones_close_the_connection() {
    block_on(async {
        let mut client = app().connect().await.unwrap();
        for _ in 0..10 {
            let [(_, frame), _] = frames(&text(257), "\"1\"");
            client.send_text(frame);
        }
        assert_eq!(client.closed().await, Some(1011));
    });
}

#[test]
fn the_size_can_be_set() {
    block_on(async {
        let config = Config::new().max_reference_size(5);
        let app = TestApp::new(&channel(rooms().0).with_config(config));
        let mut client = app.connect().await.unwrap();
        let beat = |reference: &str| json!([null, reference, "phoenix", "heartbeat", {}]);
        exchange(&mut client, beat("abcd"), &[]).await;
        let reply = json!([null, "abc", "phoenix", "phx_reply", {"status": "ok", "response": {}}]);
        exchange(&mut client, beat("abc"), &[reply]).await;
    });
}
