//! The example in the documentation of the older `trillium-channels`, under its old name: only the
//! path of `async_trait` differs, since trillium does not export it any more.

#![allow(
    clippy::unwrap_used,
    reason = "a test that panics has failed, which is what it is for"
)]
#![expect(clippy::single_match, reason = "the example is kept to the letter")]

use futures_lite::future::block_on;
use serde_json::json;
use std::net::TcpStream;
use trillium_channels::{ChannelConn, ChannelEvent, ChannelHandler, channel, testing::TestApp};
use tungstenite::Message;

struct ChatChannel;
#[trillium_channels::async_trait]
impl ChannelHandler for ChatChannel {
    async fn join_channel(&self, conn: ChannelConn<'_>, event: ChannelEvent) {
        match event.topic() {
            "rooms:lobby" => {
                conn.allow_join(&event, &()).await;
                conn.broadcast(("rooms:lobby", "user:entered"));
            }

            _ => {}
        }
    }

    async fn incoming_message(&self, conn: ChannelConn<'_>, event: ChannelEvent) {
        match (event.topic(), event.event()) {
            ("rooms:lobby", "new:msg") => conn.broadcast(event),
            _ => {}
        }
    }
}

#[test]
fn it_chats() {
    block_on(async {
        let app = TestApp::new(&channel(ChatChannel));
        let mut ann = app.connect().await.unwrap();
        let mut bob = app.connect().await.unwrap();
        ann.join("rooms:lobby", json!({})).await.unwrap_ok();
        ann.event("rooms:lobby", "user:entered").await;
        bob.join("rooms:lobby", json!({})).await.unwrap_ok();
        ann.event("rooms:lobby", "user:entered").await;
        bob.event("rooms:lobby", "user:entered").await;

        ann.push("rooms:lobby", "new:msg", json!({"body": "hi"}));
        for client in [&mut ann, &mut bob] {
            let message = client.event("rooms:lobby", "new:msg").await;
            assert_eq!(message, json!({"body": "hi"}));
        }
        let refused = ann.join("rooms:other", json!({})).await;
        assert_eq!(refused.unwrap_error(), json!({"reason": "unmatched topic"}));
        ann.leave("rooms:lobby").await.unwrap_ok();
    });
}

#[test]
fn it_chats_with_a_real_client() {
    let server = trillium_smol::config()
        .without_signals()
        .with_host("127.0.0.1")
        .with_port(0)
        .spawn(channel(ChatChannel));
    let address = *block_on(server.info()).tcp_socket_addr().unwrap();
    let stream = TcpStream::connect(address).unwrap();
    let url = format!("ws://{address}/websocket?vsn=2.0.0");
    let (mut client, _) = tungstenite::client(url, stream).unwrap();

    let join = json!(["1", "1", "rooms:lobby", "phx_join", {}]);
    client.send(Message::text(join.to_string())).unwrap();
    let push = json!(["1", "2", "rooms:lobby", "new:msg", {"body": "hi"}]);
    client.send(Message::text(push.to_string())).unwrap();
    for expected in [
        json!(["1", "1", "rooms:lobby", "phx_reply", {"status": "ok", "response": {}}]),
        json!([null, null, "rooms:lobby", "user:entered", {}]),
        json!([null, null, "rooms:lobby", "new:msg", {"body": "hi"}]),
    ] {
        let frame = client.read().unwrap().into_text().unwrap();
        assert_eq!(
            serde_json::from_str::<serde_json::Value>(&frame).unwrap(),
            expected
        );
    }
    server.shut_down().block();
}
