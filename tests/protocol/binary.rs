//! ENC-1 to ENC-8, M-7, P-5: binary frames. Frames are written in hexadecimal, with the vectors that
//! Phoenix and phoenix.js are tested with among them.

use futures_lite::future::block_on;
use phx_channels::{
    Binary, ChannelConn, InvalidPayload, Payload, Reply, channel,
    testing::{Frame, TestApp, TestClient},
};
use serde_json::{Value, json};

struct Files;

#[channel]
impl Files {
    #[join("*")]
    async fn join(&self, payload: Payload) -> Result<Value, ()> {
        Ok(json!({"bytes": payload.as_binary().map(<[u8]>::len)}))
    }

    #[on("*", "echo")]
    async fn echo(&self, Binary(bytes): Binary) -> Result<Binary, ()> {
        Ok(Binary(bytes))
    }

    #[on("*", "echo:raw")]
    async fn echo_raw(&self, payload: Payload) -> Reply {
        Reply::new("seen", &payload)
    }

    #[on("*", "size")]
    async fn size(&self, Binary(bytes): Binary) -> Result<Value, ()> {
        Ok(json!({"bytes": bytes.len()}))
    }

    #[on("*", "fail")]
    async fn fail(&self) -> Result<(), Binary<[u8; 1]>> {
        Err(Binary([0]))
    }

    #[on("*", "push")]
    async fn push(&self, conn: ChannelConn<'_>, payload: Payload) {
        conn.push((conn.topic(), "bin", payload));
    }

    #[on("*", "broadcast")]
    async fn broadcast(&self, conn: ChannelConn<'_>, payload: Payload) {
        conn.broadcast((conn.topic(), "bin", &payload));
    }

    #[on("*", "typed")]
    async fn typed(&self, number: u8) -> Result<u8, InvalidPayload> {
        Ok(number)
    }

    /// Half of what is broadcast goes to nobody.
    #[intercept("*", "half")]
    async fn half(&self, Binary(bytes): Binary) -> Option<Binary> {
        bytes.len().is_multiple_of(2).then_some(Binary(bytes))
    }
}

fn bytes(hex: &str) -> Vec<u8> {
    let byte = |hex| u8::from_str_radix(hex, 16).unwrap();
    hex.split_whitespace().map(byte).collect()
}

async fn joined(join_reference: &str, topic: &str) -> (TestApp<Files>, TestClient) {
    let app = TestApp::new(&channel(Files));
    let client = member(&app, join_reference, topic).await;
    (app, client)
}

async fn member(app: &TestApp<Files>, join_reference: &str, topic: &str) -> TestClient {
    let mut client = app.connect().await.unwrap();
    let join = json!([join_reference, join_reference, topic, "phx_join", {}]);
    client.send_text(join.to_string());
    client.frame().await;
    client
}

async fn exchange(client: &mut TestClient, send: &str, receive: &str) {
    client.send_binary(bytes(send));
    assert_eq!(client.frame().await, Frame::Binary(bytes(receive)));
}

#[test]
fn enc_1_m_7_a_binary_reply() {
    block_on(async {
        let (_app, mut client) = joined("12", "topic").await;
        // join_ref 12, ref 123, topic, echo, 65 66 67
        let push = "00 02 03 05 04 31 32 31 32 33 74 6f 70 69 63 65 63 68 6f 65 66 67";
        let reply = "01 02 03 05 02 31 32 31 32 33 74 6f 70 69 63 6f 6b 65 66 67";
        exchange(&mut client, push, reply).await;
    });
}

#[test]
fn enc_2_enc_3_p_5_a_push_and_a_broadcast() {
    block_on(async {
        let (app, mut client) = joined("12", "topic").await;
        let push = "00 02 00 05 04 31 32 74 6f 70 69 63 70 75 73 68 65 66 67";
        let pushed = "00 02 05 03 31 32 74 6f 70 69 63 62 69 6e 65 66 67";
        exchange(&mut client, push, pushed).await;

        let mut other = member(&app, "9", "topic").await;
        let push = "00 02 00 05 09 31 32 74 6f 70 69 63 62 72 6f 61 64 63 61 73 74 ff";
        let broadcast = "02 05 03 74 6f 70 69 63 62 69 6e ff";
        exchange(&mut client, push, broadcast).await;
        assert_eq!(other.frame().await, Frame::Binary(bytes(broadcast)));
    });
}

#[test]
fn enc_4_a_binary_error_reply() {
    block_on(async {
        let (_app, mut client) = joined("3", "topic").await;
        client.send_text(json!(["3", "7", "topic", "fail", {}]).to_string());
        let reply = "01 01 01 05 05 33 37 74 6f 70 69 63 65 72 72 6f 72 00";
        assert_eq!(client.frame().await, Frame::Binary(bytes(reply)));
    });
}

#[test]
fn enc_5_a_reply_is_encoded_as_its_own_payload_wants() {
    block_on(async {
        let app = TestApp::new(&channel(Files));
        let mut client = app.connect().await.unwrap();
        client.join("topic", json!({})).await.unwrap_ok();
        let reply = client.call("topic", "size", Binary([1, 2])).await;
        assert_eq!(reply.unwrap_ok(), json!({"bytes": 2}));
        let reply = client.call("topic", "echo:raw", json!([1])).await;
        assert_eq!((&*reply.status, reply.response), ("seen", json!([1])));
        let reply = client.call("topic", "echo:raw", Binary([])).await;
        assert_eq!(reply.response, json!(Binary([])));
    });
}

#[test]
fn enc_6_sizes_count_bytes() {
    block_on(async {
        let (_app, mut client) = joined("🚀", "café").await;
        let push = "00 04 03 05 04 f0 9f 9a 80 cf 80 31 63 61 66 c3 a9 65 63 68 6f 01";
        let reply = "01 04 03 05 02 f0 9f 9a 80 cf 80 31 63 61 66 c3 a9 6f 6b 01";
        exchange(&mut client, push, reply).await;
    });
}

#[test]
fn enc_7_a_heartbeat_in_a_binary_frame() {
    block_on(async {
        let (_app, mut client) = joined("1", "topic").await;
        client.send_binary(bytes(
            "00 00 01 07 09 35 70 68 6f 65 6e 69 78 68 65 61 72 74 62 65 61 74",
        ));
        let answer = client.message().await;
        assert_eq!(
            (answer.join_reference, answer.reference),
            (json!(null), json!("5"))
        );
        assert_eq!(answer.payload, json!({"status": "ok", "response": {}}));
    });
}

#[test]
fn enc_8a_a_join_and_a_leave_in_binary_frames() {
    block_on(async {
        let app = TestApp::new(&channel(Files));
        let mut client = app.connect().await.unwrap();
        let joined = client.join("topic", Binary([1, 2, 3])).await;
        assert_eq!(joined.unwrap_ok(), json!({"bytes": 3}));
        let leave = client.push("topic", "phx_leave", Binary([]));
        client.reply(&leave).await.unwrap_ok();
        client.event("topic", "phx_close").await;
    });
}

/// No reference in a binary frame is no reference, and so for any instance of the topic.
#[test]
fn enc_8c_enc_8d_names_of_size_0() {
    block_on(async {
        let (_app, mut client) = joined("3", "topic").await;
        let push = "00 00 01 05 04 37 74 6f 70 69 63 65 63 68 6f 01 02";
        let reply = "01 01 01 05 02 33 37 74 6f 70 69 63 6f 6b 01 02";
        exchange(&mut client, push, reply).await;
        let push = "00 01 00 05 04 33 74 6f 70 69 63 65 63 68 6f 0a";
        let reply = "01 01 00 05 02 33 74 6f 70 69 63 6f 6b 0a";
        exchange(&mut client, push, reply).await;
    });
}

/// References that are no text are written as JSON in a binary frame.
#[test]
fn enc_8f_references_of_any_type() {
    block_on(async {
        let (_app, mut client) = joined("3", "topic").await;
        for (reference, sizes) in [
            ("null", "00"),
            ("17", "02 31 37"),
            ("true", "04 74 72 75 65"),
        ] {
            client.send_text(format!(r#"["3",{reference},"topic","fail",{{}}]"#));
            let (size, name) = sizes.split_at(2);
            let reply = format!("01 01 {size} 05 05 33 {name} 74 6f 70 69 63 65 72 72 6f 72 00");
            assert_eq!(client.frame().await, Frame::Binary(bytes(&reply)));
        }
    });
}

/// What has no room in a binary frame is left out and logged; the channel lives.
#[test]
fn enc_8h_a_name_that_is_too_long() {
    block_on(async {
        let topic = "x".repeat(256);
        let config = phx_channels::Config::new().max_name_length(300);
        let app = TestApp::new(&channel(Files).with_config(config));
        let mut client = app.connect().await.unwrap();
        client.join(&topic, json!({})).await.unwrap_ok();
        client.push(&topic, "fail", json!({}));
        client.assert_quiet();
        client.call(&topic, "typed", 7).await.unwrap_ok();
    });
}

#[test]
fn enc_18_a_client_of_version_1_gets_nothing_binary() {
    block_on(async {
        let app = TestApp::new(&channel(Files));
        let mut old = app.connect().vsn(Some("1.0.0")).await.unwrap();
        let mut new = app.connect().await.unwrap();
        for client in [&mut old, &mut new] {
            client.join("topic", json!({})).await.unwrap_ok();
        }
        old.push("topic", "fail", json!({}));
        new.push("topic", "broadcast", Binary([1]));
        assert_eq!(new.event("topic", "bin").await, json!(Binary([1])));
        old.assert_quiet();
        old.call("topic", "typed", 7).await.unwrap_ok();
    });
}

#[test]
fn an_intercepted_binary_broadcast() {
    block_on(async {
        let app = TestApp::new(&channel(Files));
        let mut client = app.connect().await.unwrap();
        client.join("topic", json!({})).await.unwrap_ok();
        let broadcaster = app.broadcaster();
        broadcaster.broadcast(("topic", "half", Binary(b"odd")));
        broadcaster.broadcast(("topic", "half", Binary(b"even")));
        assert_eq!(client.event("topic", "half").await, json!(Binary(b"even")));
        client.assert_quiet();
    });
}

#[test]
fn bytes_that_do_not_fit_a_type() {
    block_on(async {
        let app = TestApp::new(&channel(Files));
        let mut client = app.connect().await.unwrap();
        client.join("topic", json!({})).await.unwrap_ok();
        let reply = client.call("topic", "typed", Binary([7])).await;
        assert_eq!(
            reply.unwrap_error(),
            json!({"reason": "invalid payload", "detail": "invalid type: byte array, expected u8"})
        );
        let reply = client.call("topic", "echo", json!({"a": 1})).await;
        assert_eq!(
            reply.unwrap_error(),
            json!({"reason": "invalid payload", "detail": "invalid type: map, expected a binary payload"})
        );
    });
}

/// A frame that is no message is dropped, and what comes after it is answered.
#[test]
fn c_5_binary_frames_that_do_not_decode() {
    block_on(async {
        let (_app, mut client) = joined("3", "topic").await;
        for malformed in [
            "",
            "00",
            "00 01 01 05",
            // The sizes point behind the end.
            "00 01 01 05 04 33 37 74 6f 70",
            "00 ff ff ff ff 33",
            // A kind of the server, and one that is not known.
            "01 01 01 05 04 33 37 74 6f 70 69 63 65 63 68 6f",
            "09 01 01 05 04 33 37 74 6f 70 69 63 65 63 68 6f",
            // A topic that is not UTF-8.
            "00 01 01 05 04 33 37 ff 6f 70 69 63 65 63 68 6f",
        ] {
            client.send_binary(bytes(malformed));
        }
        let push = "00 01 01 05 04 33 37 74 6f 70 69 63 65 63 68 6f";
        let reply = "01 01 01 05 02 33 37 74 6f 70 69 63 6f 6b";
        exchange(&mut client, push, reply).await;
    });
}
