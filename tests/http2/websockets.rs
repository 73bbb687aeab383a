//! WebSockets over HTTP/2, several on one connection.

use crate::{
    client::Http2,
    server::{SOCKET, Server},
    websocket::{Frame, WebSocket},
};
use http::StatusCode;
use serde_json::json;

fn on_each_runtime(test: impl AsyncFn(&Server, Http2)) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    for server in Server::on_each_runtime() {
        runtime.block_on(async {
            let http2 = Http2::connect(&server).await;
            test(&server, http2).await;
            server.end().await;
        });
    }
}

#[test]
fn two_on_one_connection_hear_each_other() {
    on_each_runtime(async |_, http2| {
        let mut ann = WebSocket::open(&http2, SOCKET).await;
        let mut bob = WebSocket::open(&http2, SOCKET).await;
        ann.join("rooms:1").await;
        bob.join("rooms:1").await;
        ann.send(&json!(["1", "2", "rooms:1", "say", {"body": "hello"}]));
        let said = json!([null, null, "rooms:1", "said", {"body": "hello"}]);
        assert_eq!(ann.receive().await, Frame::Text(said.clone()));
        assert_eq!(bob.receive().await, Frame::Text(said));
    });
}

#[test]
fn a_server_that_ends_says_so() {
    on_each_runtime(async |server, http2| {
        let mut ann = WebSocket::open(&http2, SOCKET).await;
        ann.join("rooms:1").await;
        let heard = async {
            let close = ann.receive().await;
            drop(ann);
            close
        };
        let (close, ()) = futures_lite::future::zip(heard, server.end()).await;
        assert_eq!(close, Frame::Close(1012));
    });
}

#[test]
fn a_page_of_another_origin_is_refused() {
    on_each_runtime(async |_, http2| {
        let refused = WebSocket::open_from(&http2, SOCKET, "https://evil.example").await;
        assert_eq!(refused.err(), Some(StatusCode::FORBIDDEN));
        WebSocket::open(&http2, SOCKET).await;
    });
}
