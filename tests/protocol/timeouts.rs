//! What takes too long: clients that do not read, and handlers that wait.

use crate::app::{app, rooms};
use async_channel::{Receiver, Sender};
use futures_lite::future::{block_on, poll_once};
use phx_channels::{
    ChannelConn, ChannelEvent, ChannelHandler, Close, Config, LeaveReason, Payload, channel,
    testing::{Frame, TestApp},
};
use serde_json::json;
use std::{pin::pin, time::Duration};

const SECOND: Duration = Duration::from_secs(1);

/// Every handler waits for the gate, which opens once for each signal.
struct Patient {
    gate: Receiver<()>,
    left: Sender<LeaveReason>,
}

#[channel]
impl Patient {
    #[connect]
    async fn connect(&self, conn: ChannelConn<'_>) {
        if conn
            .params()
            .as_json()
            .is_some_and(|json| json.contains("slow"))
        {
            self.wait().await;
        }
    }

    #[join("rooms:*")]
    async fn join(&self) {}

    #[join("slow:*")]
    async fn slow_join(&self) {
        self.wait().await;
    }

    #[on("rooms:*", "wait")]
    async fn event(&self) -> Result<&'static str, ()> {
        self.wait().await;
        Ok("waited")
    }

    #[on("rooms:*", "close")]
    async fn close(&self, conn: ChannelConn<'_>) {
        conn.close(Close::Disconnect);
    }

    #[on("rooms:*", "echo")]
    async fn echo(&self, payload: Payload) -> Result<Payload, ()> {
        Ok(payload)
    }

    #[info("rooms:info")]
    async fn told(&self, _: u64) {
        self.wait().await;
    }

    #[intercept("rooms:*", "out")]
    async fn out(&self, _: ChannelEvent) -> Option<Payload> {
        self.wait().await;
        None
    }

    #[leave("rooms:*")]
    async fn leave(&self, reason: LeaveReason) {
        // Nobody listens in most of the tests.
        self.left.try_send(reason).ok();
        self.wait().await;
    }

    async fn wait(&self) {
        self.gate.recv().await.unwrap();
    }
}

/// The handlers wait for as long as the gate is not dropped.
struct Fixture {
    app: TestApp<Patient>,
    gate: Sender<()>,
    left: Receiver<LeaveReason>,
}

fn patient(config: Config) -> Fixture {
    let (gate, opened) = async_channel::unbounded();
    let (sender, left) = async_channel::unbounded();
    let handler = Patient {
        gate: opened,
        left: sender,
    };
    let app = TestApp::new(&channel(handler).with_config(config));
    Fixture { app, gate, left }
}

/// With a handler timeout of five seconds.
fn five_seconds() -> Fixture {
    patient(Config::new().handler_timeout(5 * SECOND))
}

#[test]
fn write_timeout_closes_a_client_that_does_not_read() {
    block_on(async {
        let app = app();
        let mut client = app.connect().await.unwrap();
        client.join("rooms:1", json!({})).await.unwrap_ok();
        client.pause_reading();
        app.advance(10 * SECOND);
        app.broadcaster().broadcast(("rooms:1", "first"));
        app.advance(29 * SECOND);
        // More to send, or a sign of life, is no sign of reading.
        app.broadcaster().broadcast(("rooms:1", "second"));
        client.push("phoenix", "heartbeat", json!({}));
        app.advance(SECOND);
        client.resume_reading();
        client.event("rooms:1", "first").await;
        assert_eq!(client.closed().await, Some(1013));
        assert!(app.is_idle(), "a task is left");
    });
}

#[test]
fn write_timeout_ends_a_client_that_never_reads_again() {
    block_on(async {
        let app = app();
        let mut client = app.connect().await.unwrap();
        client.join("rooms:1", json!({})).await.unwrap_ok();
        client.pause_reading();
        app.broadcaster().broadcast(("rooms:1", "first"));
        app.advance(30 * SECOND);
        assert!(!app.is_idle(), "it had no time to take note");
        app.advance(5 * SECOND);
        assert!(app.is_idle(), "a task is left");
    });
}

#[test]
fn write_timeout_begins_anew_when_the_client_reads() {
    block_on(async {
        let app = app();
        let mut client = app.connect().await.unwrap();
        client.join("rooms:1", json!({})).await.unwrap_ok();
        for _ in 0..3 {
            client.pause_reading();
            client.push("phoenix", "heartbeat", json!({}));
            app.advance(29 * SECOND);
            client.resume_reading();
            client.message().await;
        }
        // It counts while something waits to be taken, and not afterwards.
        app.advance(30 * SECOND);
        client.assert_quiet();
    });
}

#[test]
fn write_timeout_is_no_longer_for_a_large_message() {
    block_on(async {
        let app = app();
        let mut client = app.connect().await.unwrap();
        client.join("rooms:1", json!({})).await.unwrap_ok();
        client.pause_reading();
        broadcast_large(&app, 1024 * 1024);
        app.advance(30 * SECOND);
        // It takes no close either.
        app.advance(5 * SECOND);
        assert!(app.is_idle(), "a task is left");
    });
}

#[test]
fn write_timeout_begins_anew_with_each_64_kib() {
    block_on(async {
        let app = app();
        let mut client = app.connect().await.unwrap();
        client.join("rooms:1", json!({})).await.unwrap_ok();
        client.pause_reading();
        broadcast_large(&app, 4 * CHUNK);
        for _ in 0..3 {
            app.advance(29 * SECOND);
            client.push("phoenix", "heartbeat", json!({}));
            client.take_bytes(CHUNK);
        }
        app.advance(29 * SECOND);
        client.resume_reading();
        client.event("rooms:1", "large").await;
    });
}

/// Less than that keeps no connection, however often it comes.
#[test]
fn write_timeout_does_not_begin_anew_with_a_trickle() {
    block_on(async {
        let app = app();
        let mut client = app.connect().await.unwrap();
        client.join("rooms:1", json!({})).await.unwrap_ok();
        client.pause_reading();
        broadcast_large(&app, 4 * CHUNK);
        for _ in 0..30 {
            app.advance(SECOND);
            client.take_bytes(CHUNK / 31);
        }
        app.settle();
        client.resume_reading();
        assert_eq!(client.closed().await, Some(1013));
    });
}

/// What the client has to take in time.
const CHUNK: usize = 64 * 1024;

fn broadcast_large(app: &TestApp<impl ChannelHandler>, bytes: usize) {
    let payload = json!({"x": "x".repeat(bytes)});
    let broadcaster = app.broadcaster();
    broadcaster.broadcast(("rooms:1", "large", payload));
}

#[test]
fn connect_timeout_refuses_with_503() {
    block_on(async {
        let Fixture { app, gate, .. } = patient(Config::new());
        let mut connect = pin!(app.connect().param("is", "slow").into_future());
        assert!(poll_once(&mut connect).await.is_none());
        app.advance(9 * SECOND);
        assert!(poll_once(&mut connect).await.is_none());
        app.advance(SECOND);
        let refused = connect.await.unwrap_err();
        assert_eq!(u16::from(refused.status()), 503);
        // In time.
        let mut connect = pin!(app.connect().param("is", "slow").into_future());
        assert!(poll_once(&mut connect).await.is_none());
        app.advance(9 * SECOND);
        gate.send(()).await.unwrap();
        connect.await.unwrap();
    });
}

#[test]
fn handler_timeout_is_off_by_default() {
    block_on(async {
        let Fixture { app, gate, .. } = patient(Config::new());
        let mut client = app.connect().await.unwrap();
        client.join("rooms:1", json!({})).await.unwrap_ok();
        let wait = client.push("rooms:1", "wait", json!({}));
        for _ in 0..10 {
            app.advance(50 * SECOND);
            client.push("phoenix", "heartbeat", json!({}));
            client.message().await;
        }
        gate.send(()).await.unwrap();
        assert_eq!(client.reply(&wait).await.unwrap_ok(), json!("waited"));
    });
}

#[test]
fn handler_timeout_refuses_a_join() {
    block_on(async {
        let Fixture { app, gate, .. } = five_seconds();
        let mut client = app.connect().await.unwrap();
        let join = client.start_join("slow:1", json!({}));
        app.advance(4 * SECOND);
        client.assert_quiet();
        app.advance(SECOND);
        let refusal = client.reply(&join).await.unwrap_error();
        assert_eq!(refusal, json!({"reason": "timeout"}));
        // Nothing is left of it, and another attempt may succeed.
        assert_eq!(gate.receiver_count(), 1);
        let reason = client
            .call("slow:1", "wait", json!({}))
            .await
            .unwrap_error();
        assert_eq!(reason, json!({"reason": "unmatched topic"}));
        let join = client.start_join("slow:1", json!({}));
        gate.send(()).await.unwrap();
        client.reply(&join).await.unwrap_ok();
    });
}

#[test]
fn handler_timeout_answers_an_event_and_the_channel_lives_on() {
    block_on(async {
        let Fixture { app, gate, .. } = five_seconds();
        let mut client = app.connect().await.unwrap();
        client.join("rooms:1", json!({})).await.unwrap_ok();
        client.join("rooms:2", json!({})).await.unwrap_ok();
        let first = client.push("rooms:1", "wait", json!({}));
        app.advance(3 * SECOND);
        let second = client.push("rooms:2", "wait", json!({}));
        let behind = client.push("rooms:1", "echo", json!({"n": 1}));
        app.advance(2 * SECOND);
        let timeout = json!({"reason": "timeout"});
        assert_eq!(client.reply(&first).await.unwrap_error(), timeout);
        // What waited behind it has its turn, and the other topic has its own time.
        client.reply(&behind).await.unwrap_ok();
        client.assert_quiet();
        app.advance(2 * SECOND);
        client.assert_quiet();
        app.advance(SECOND);
        assert_eq!(client.reply(&second).await.unwrap_error(), timeout);
        // The one that was cut off does not hear of the gate any more.
        let third = client.push("rooms:1", "wait", json!({}));
        gate.send(()).await.unwrap();
        assert_eq!(client.reply(&third).await.unwrap_ok(), json!("waited"));
        app.advance(10 * SECOND);
        client.assert_quiet();
    });
}

#[test]
fn handler_timeout_of_an_event_without_ref_says_nothing() {
    block_on(async {
        let Fixture {
            app, gate: _gate, ..
        } = five_seconds();
        let mut client = app.connect().await.unwrap();
        client.join("rooms:1", json!({})).await.unwrap_ok();
        client.send_text(json!(["1", null, "rooms:1", "wait", {}]).to_string());
        app.advance(5 * SECOND);
        client.assert_quiet();
        client.call("rooms:1", "echo", json!({})).await.unwrap_ok();
    });
}

#[test]
fn handler_timeout_of_a_message_from_inside_ends_the_channel_as_a_panic_does() {
    block_on(async {
        let Fixture {
            app,
            gate: _gate,
            left,
        } = five_seconds();
        let mut client = app.connect().await.unwrap();
        client.join("rooms:info", json!({})).await.unwrap_ok();
        client.join("rooms:out", json!({})).await.unwrap_ok();
        app.broadcaster().tell("rooms:info", 7_u64);
        app.broadcaster().broadcast(("rooms:out", "out"));
        // The first time for the messages, the second time for the leave methods.
        app.advance(5 * SECOND);
        client.assert_quiet();
        app.advance(5 * SECOND);
        let crash = json!({"reason": "channel_crash"});
        for topic in ["rooms:info", "rooms:out"] {
            assert_eq!(client.event(topic, "phx_error").await, crash);
            assert_eq!(left.recv().await.unwrap(), LeaveReason::Crashed);
        }
    });
}

#[test]
fn handler_timeout_of_a_leave_lets_the_next_join_in() {
    block_on(async {
        let Fixture {
            app, gate: _gate, ..
        } = five_seconds();
        let mut client = app.connect().await.unwrap();
        client.join("rooms:1", json!({})).await.unwrap_ok();
        client.leave("rooms:1").await.unwrap_ok();
        client.event("rooms:1", "phx_close").await;
        let join = client.start_join("rooms:1", json!({}));
        app.advance(4 * SECOND);
        client.assert_quiet();
        app.advance(SECOND);
        client.reply(&join).await.unwrap_ok();
    });
}

#[test]
fn handler_timeout_holds_when_the_connection_is_gone() {
    block_on(async {
        let Fixture {
            app,
            gate: _gate,
            left,
        } = five_seconds();
        let mut client = app.connect().await.unwrap();
        client.join("rooms:1", json!({})).await.unwrap_ok();
        client.join("rooms:2", json!({})).await.unwrap_ok();
        client.push("rooms:1", "wait", json!({}));
        client.push("rooms:2", "close", json!({}));
        assert_eq!(client.frame().await, Frame::Close(1001));
        // First the event, then the leave method behind it.
        app.advance(5 * SECOND);
        assert!(!app.is_idle());
        app.advance(5 * SECOND);
        assert!(app.is_idle(), "a task is left");
        for _ in 0..2 {
            assert_eq!(left.recv().await.unwrap(), LeaveReason::Closed);
        }
    });
}

/// Reading stops when the queue of a topic is full, and that is not the client's silence.
#[test]
fn idle_timeout_does_not_count_while_the_client_has_to_wait() {
    block_on(async {
        let (rooms, control) = rooms();
        let app = TestApp::new(&channel(rooms).with_config(Config::new().topic_queue(1)));
        let mut client = app.connect().await.unwrap();
        client.join("rooms:q", json!({})).await.unwrap_ok();
        let wait = client.push("rooms:q", "wait", json!({}));
        let behind = client.push("rooms:q", "echo", json!({}));
        app.advance(200 * SECOND);
        client.assert_quiet();
        control.gate.send(()).await.unwrap();
        client.reply(&wait).await.unwrap_ok();
        client.reply(&behind).await.unwrap_ok();
    });
}
