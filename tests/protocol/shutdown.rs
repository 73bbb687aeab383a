//! C-3: the end of the server, in memory. `../sockets` shows it with a signal.

use crate::app::{Rooms, app, rooms};
use futures_lite::future::{block_on, pending};
use phx_channels::{
    channel,
    testing::{Frame, TestApp, TestClient},
};
use serde_json::json;
use std::time::Duration;

const SECOND: Duration = Duration::from_secs(1);

async fn joined(app: &TestApp<Rooms>, topic: &str) -> TestClient {
    let mut client = app.connect().await.unwrap();
    client.join(topic, json!({})).await.unwrap_ok();
    client
}

#[test]
fn c_3_shutdown_sends_what_waits_and_closes_with_1012() {
    block_on(async {
        let app = app();
        let mut client = joined(&app, "rooms:1").await;
        let mut silent = app.connect().await.unwrap();
        let echo = client.push("rooms:1", "echo", json!({"n": 1}));
        app.broadcaster().broadcast(("rooms:1", "bye"));
        app.shut_down();
        client.event("rooms:1", "bye").await;
        client.reply(&echo).await.unwrap_ok();
        assert_eq!(client.frame().await, Frame::Close(1012));
        assert_eq!(silent.frame().await, Frame::Close(1012));
        assert!(app.is_idle(), "a connection is left");
    });
}

#[test]
fn c_3_shutdown_refuses_new_clients_with_503() {
    block_on(async {
        let app = app();
        app.shut_down();
        let refused = app.connect().await.unwrap_err();
        assert_eq!(u16::from(refused.status()), 503);
    });
}

#[test]
fn c_3_shutdown_lets_running_handlers_finish() {
    block_on(async {
        let (rooms, control) = rooms();
        let app = TestApp::new(&channel(rooms));
        let mut client = joined(&app, "rooms:1").await;
        let wait = client.push("rooms:1", "wait", json!({}));
        // It waits behind the other, and has been read.
        let behind = client.push("rooms:1", "echo", json!({}));
        let joins = client.start_join("rooms:slow_join", json!({}));
        app.shut_down();
        // What comes now is not read any more, though it could be answered at once.
        client.push("phoenix", "heartbeat", json!({}));
        app.advance(2 * SECOND);
        client.assert_quiet();
        control.gate.send(()).await.unwrap();
        control.gate.send(()).await.unwrap();
        client.reply(&wait).await.unwrap_ok();
        client.reply(&joins).await.unwrap_ok();
        client.reply(&behind).await.unwrap_ok();
        assert_eq!(client.frame().await, Frame::Close(1012));
        assert_eq!(control.disconnects.len(), 1);
        assert!(app.is_idle(), "a connection is left");
    });
}

#[test]
fn shutdown_timeout_cuts_off_handlers_that_do_not_finish() {
    block_on(async {
        let (rooms, control) = rooms();
        let app = TestApp::new(&channel(rooms));
        let mut watcher = joined(&app, "rooms:watch").await;
        let mut client = joined(&app, "rooms:watched").await;
        client.push("rooms:watched", "wait", json!({}));
        watcher.push("rooms:watch", "wait", json!({}));
        app.shut_down();
        app.advance(2 * SECOND);
        client.assert_quiet();
        app.advance(SECOND);
        assert_eq!(client.closed().await, Some(1012));
        // The handlers of leaves and disconnects have been called all the same.
        assert_eq!(watcher.closed().await, Some(1012));
        assert_eq!(control.disconnects.len(), 2);
        assert!(app.is_idle(), "a connection is left");
    });
}

#[test]
fn close_timeout_ends_a_client_that_does_not_read_when_the_server_shuts_down() {
    block_on(async {
        let app = app();
        let client = joined(&app, "rooms:1").await;
        client.pause_reading();
        app.shut_down();
        app.advance(4 * SECOND);
        assert!(!app.is_idle(), "it had no time to take note");
        app.advance(SECOND);
        assert!(app.is_idle(), "a connection is left");
    });
}

#[test]
fn shutdown_does_not_wait_for_leaves_that_never_end() {
    block_on(async {
        let app = TestApp::new(&channel(Sticky));
        let mut client = app.connect().await.unwrap();
        client.join("rooms:1", json!({})).await.unwrap_ok();
        app.shut_down();
        assert_eq!(client.closed().await, Some(1012));
        app.advance(3 * SECOND);
        app.advance(4 * SECOND);
        assert!(!app.is_idle(), "the handler had no time");
        app.advance(SECOND);
        assert!(app.is_idle(), "a connection is left");
    });
}

/// Does not let go of those who leave.
struct Sticky;

#[channel]
impl Sticky {
    #[join("rooms:*")]
    async fn join(&self) {}

    #[leave("rooms:*")]
    async fn leave(&self) {
        pending::<()>().await;
    }
}

#[test]
fn shutdown_spread_closes_connections_in_batches() {
    block_on(async {
        let (rooms, control) = rooms();
        let app = TestApp::new(&channel(rooms));
        let mut clients = Vec::new();
        for _ in 0..1100 {
            clients.push(app.connect().await.unwrap());
        }
        app.shut_down();
        for n in 1..=20 {
            assert_eq!(control.disconnects.len(), 55 * n);
            // The default is two seconds for all of them.
            app.advance(SECOND / 10);
        }
        assert!(app.is_idle(), "a connection is left");
        for client in &mut clients {
            assert_eq!(client.closed().await, Some(1012));
        }
    });
}

#[test]
fn shutdown_spread_is_not_for_a_small_server() {
    block_on(async {
        let app = app();
        let mut clients = Vec::new();
        for _ in 0..50 {
            clients.push(app.connect().await.unwrap());
        }
        app.shut_down();
        assert!(app.is_idle(), "a connection is left");
    });
}
