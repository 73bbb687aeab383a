//! The application that the protocol tests talk to: one handler with an event for each behaviour.

use async_channel::{Receiver, Sender};
use phx_channels::{
    ChannelConn, ChannelEvent, ChannelHandler, LeaveReason, Refused, Reply, async_trait, channel,
    testing::{TestApp, TestClient},
};
use serde::Deserialize;
use serde_json::{Value, json};

/// Joins and events are named after what they do.
pub(crate) struct Rooms {
    /// What `rooms:slow_join` and the event `wait` wait for, one signal each.
    gate: Receiver<()>,
    /// Where `disconnect` is reported.
    disconnects: Sender<()>,
}

/// The other ends of what [`Rooms`] waits for and reports to.
pub(crate) struct Control {
    pub(crate) gate: Sender<()>,
    pub(crate) disconnects: Receiver<()>,
}

pub(crate) fn rooms() -> (Rooms, Control) {
    let (open, gate) = async_channel::unbounded();
    let (disconnects, seen) = async_channel::unbounded();
    let control = Control {
        gate: open,
        disconnects: seen,
    };
    (Rooms { gate, disconnects }, control)
}

pub(crate) fn app() -> TestApp<Rooms> {
    TestApp::new(&channel(rooms().0))
}

/// A client that speaks version 2, and one that speaks version 1.
pub(crate) async fn both(app: &TestApp<Rooms>) -> (TestClient, TestClient) {
    let v1 = app.connect().vsn(Some("1.0.0"));
    (app.connect().await.unwrap(), v1.await.unwrap())
}

#[derive(Deserialize)]
struct Count {
    count: u64,
}

#[async_trait]
impl ChannelHandler for Rooms {
    async fn connect(&self, conn: ChannelConn<'_>) {
        #[derive(Default, Deserialize)]
        struct Params {
            token: Option<String>,
            id: Option<String>,
        }
        let params: Params = conn.params().decode().unwrap_or_default();
        if let Some(id) = params.id {
            conn.set_id(id);
        }
        match params.token.as_deref() {
            Some("bad") => conn.refuse(Refused::new()),
            Some("busy") => conn.refuse(Refused::with_status(trillium::Status::TooManyRequests)),
            Some("raise") => panic!("connect raised"),
            _ => {}
        }
    }

    async fn join_channel(&self, conn: ChannelConn<'_>, event: ChannelEvent) {
        let Some(room) = event.topic().strip_prefix("rooms:") else {
            return;
        };
        match room.split(':').next().unwrap_or(room) {
            "private" => {
                conn.push(("rooms:private", "secret"));
                conn.broadcast(("rooms:private", "secret"));
                conn.refuse_join(&event, "unauthorized").await;
                conn.push(("rooms:private", "secret"));
            }
            "welcome" => {
                conn.push((conn.topic(), "welcome", json!({"n": 1})));
                conn.broadcast((conn.topic(), "entered"));
                conn.allow_join(&event, &json!({"motd": "hi"})).await;
            }
            "crash_on_join" => panic!("join crashed"),
            "crash_after_join" => {
                conn.allow_join(&event, &()).await;
                panic!("crashed behind the join");
            }
            "slow_join" => {
                self.gate.recv().await.unwrap();
                conn.allow_join(&event, &()).await;
            }
            "if_allowed"
                if event
                    .payload()
                    .as_json()
                    .is_some_and(|json| json.contains("true")) =>
            {
                conn.allow_join(&event, &()).await;
            }
            "if_allowed" => conn.refuse_join(&event, "unauthorized").await,
            "params" => {
                conn.allow_join(&event, &json!({"params": event.payload()}))
                    .await;
            }
            _ => conn.allow_join(&event, &()).await,
        }
    }

    async fn incoming_message(&self, conn: ChannelConn<'_>, event: ChannelEvent) {
        let (topic, payload) = (conn.topic(), event.payload());
        match event.event() {
            "echo" => conn.reply_ok(&event, payload).await,
            "fail" => conn.reply_error(&event, payload).await,
            "fail_text" => conn.reply_error(&event, "no").await,
            "ok_empty" => conn.reply_ok(&event, &()).await,
            "custom_status" => conn.reply(&event, &Reply::new("rate_limited", &json!({}))),
            "typed" => match payload.decode::<Count>() {
                Ok(typed) => conn.reply_ok(&event, &typed.count).await,
                Err(error) => conn.reply_error(&event, &error.to_string()).await,
            },
            "twice" => {
                conn.reply_ok(&event, &json!({"n": 1})).await;
                conn.reply_ok(&event, &json!({"n": 2})).await;
            }
            "shout" => conn.broadcast((topic, "shout", payload)),
            "rebroadcast" => conn.broadcast(event),
            "shout_from" => conn.broadcast_from((topic, "shout", payload)),
            "push_me" => {
                conn.push((topic, "pushed", payload));
                conn.reply_ok(&event, &()).await;
            }
            "push_many" => {
                for i in 1..=payload.decode::<Count>().unwrap().count {
                    conn.push((topic, "pushed", json!({ "i": i })));
                }
                conn.reply_ok(&event, &()).await;
            }
            "wait" => {
                self.gate.recv().await.unwrap();
                conn.reply_ok(&event, &json!({"waited": payload})).await;
            }
            "boom" => {
                conn.push((topic, "last_words"));
                panic!("boom");
            }
            "stop" => conn.stop(),
            "stop_reply" => {
                conn.stop();
                conn.reply_ok(&event, &json!({"bye": true})).await;
            }
            "stop_error" => conn.fail(),
            _ => {}
        }
    }

    async fn leave_channel(&self, conn: ChannelConn<'_>, event: ChannelEvent) {
        if let Some(rest) = conn.topic().strip_prefix("rooms:watched") {
            conn.push((conn.topic(), "goodbye"));
            // The leaver is no member any more.
            conn.broadcast((conn.topic(), "somebody:left"));
            let reason = match conn.leave_reason() {
                Some(LeaveReason::Left) => "left",
                Some(LeaveReason::Closed) => "closed",
                Some(LeaveReason::Replaced) => "replaced",
                Some(LeaveReason::Stopped) => "stopped",
                Some(LeaveReason::Crashed) => "crashed",
                other => panic!("{other:?}"),
            };
            let watchers = format!("rooms:watch{rest}");
            conn.broadcast((watchers, "ended", json!({"reason": reason})));
        }
        conn.allow_leave(&event, &()).await;
    }

    async fn disconnect(&self, _: ChannelConn<'_>) {
        self.disconnects.send(()).await.unwrap();
    }
}

/// Sends a frame and asserts that exactly these frames come of it, in this order.
pub(crate) async fn exchange(client: &mut TestClient, send: Value, receive: &[Value]) {
    send_frame(client, &send);
    receive_frames(client, receive).await;
    client.assert_quiet();
}

pub(crate) fn send_frame(client: &TestClient, frame: &Value) {
    client.send_text(frame.to_string());
}

/// Asserts that these frames come next.
pub(crate) async fn receive_frames(client: &mut TestClient, frames: &[Value]) {
    for expected in frames {
        let phx_channels::testing::Frame::Text(text) = client.frame().await else {
            panic!("the connection ended before {expected}");
        };
        let frame: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(frame, *expected);
    }
}
