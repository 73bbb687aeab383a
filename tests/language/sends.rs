//! What is sent and reaches nobody: it is refused, or said.

use futures_lite::future::block_on;
use phx_channels::{
    ChannelConn, ChannelEvent, ChannelHandler, Error, Payload, Pusher, async_trait, channel,
    testing::{TestApp, TestClient},
};
use serde_json::{Value, json};

const TOPIC: &str = "rooms:1";

struct Chat;

#[channel]
impl Chat {
    #[join("rooms:*")]
    async fn join(&self) {}

    /// Whatever a client sends, all get.
    #[on("rooms:*")]
    async fn relay(&self, conn: ChannelConn<'_>, event: ChannelEvent) {
        conn.broadcast(event);
    }

    #[on("rooms:*", "send")]
    async fn send(&self, conn: ChannelConn<'_>, pusher: Pusher, name: String) {
        conn.push((conn.topic(), &*name));
        conn.broadcast((conn.topic(), &*name, Payload::empty()));
        conn.broadcast_from((conn.topic(), &*name));
        pusher.push((conn.topic(), &*name));
        pusher.broadcast((conn.topic(), &*name));
        conn.broadcaster().broadcast((conn.topic(), &*name));
        conn.broadcaster()
            .broadcast_from(&pusher, (conn.topic(), &*name));
    }

    #[on("rooms:*", "broadcast")]
    async fn broadcast(&self, conn: ChannelConn<'_>, (topic, name): (String, String)) {
        conn.broadcast((topic, &*name));
    }

    #[on("rooms:*", "push")]
    async fn push(&self, pusher: Pusher, (topic, name): (String, String)) {
        pusher.push((topic, &*name));
    }
}

struct Clock;

#[channel]
impl Clock {
    #[join("clock")]
    async fn join(&self, conn: ChannelConn<'_>) {
        conn.subscribe("ticks");
    }

    #[info("clock")]
    async fn heard(&self, conn: ChannelConn<'_>, event: ChannelEvent) {
        conn.push((conn.topic(), event.event()));
    }
}

/// A handler that relays, written by hand.
struct ByHand;

#[async_trait]
impl ChannelHandler for ByHand {
    async fn join_channel(&self, conn: ChannelConn<'_>, event: ChannelEvent) {
        conn.allow_join(&event, &()).await;
    }

    async fn incoming_message(&self, conn: ChannelConn<'_>, event: ChannelEvent) {
        conn.broadcast(event);
    }
}

async fn two(app: &TestApp<impl ChannelHandler>) -> [TestClient; 2] {
    let mut clients = [app.connect().await.unwrap(), app.connect().await.unwrap()];
    for client in &mut clients {
        client.join(TOPIC, json!({})).await.unwrap_ok();
    }
    clients
}

async fn relays_none_of_the_protocol(app: TestApp<impl ChannelHandler>) {
    crate::log::listen();
    let [mut ann, mut bob] = two(&app).await;
    // `phx_join` and `phx_leave` of a client never reach a handler.
    for name in ["phx_close", "phx_reply", "phx_error", "phx_anything"] {
        ann.push(TOPIC, name, json!({"status": "ok", "response": {}}));
    }
    ann.push(TOPIC, "phx", json!({"x": 1}));
    for client in [&mut ann, &mut bob] {
        assert_eq!(client.event(TOPIC, "phx").await, json!({"x": 1}));
        client.assert_quiet();
    }
    // A client can send as many as it likes.
    let errors = crate::log::errors();
    assert_eq!(errors.len(), 1, "{errors:?}");
    assert!(
        errors[0].contains("`phx_close`") && errors[0].contains("`rooms:1`"),
        "{errors:?}"
    );
}

#[test]
fn a_relay_relays_nothing_that_belongs_to_the_protocol() {
    block_on(relays_none_of_the_protocol(TestApp::new(&channel(Chat))));
    block_on(relays_none_of_the_protocol(TestApp::new(&channel(ByHand))));
}

#[test]
fn nothing_sends_an_event_of_the_protocol() {
    block_on(async {
        let app = TestApp::new(&channel(Chat));
        let [mut ann, mut bob] = two(&app).await;
        ann.push(TOPIC, "send", "phx_close");
        app.broadcaster().broadcast((TOPIC, "phx_error", json!({})));
        app.settle();
        ann.assert_quiet();
        bob.assert_quiet();
        ann.push(TOPIC, "send", "close");
        app.settle();
        for (client, times) in [(&mut ann, 5), (&mut bob, 5)] {
            for _ in 0..times {
                client.event(TOPIC, "close").await;
            }
            client.assert_quiet();
        }
    });
}

#[test]
fn an_event_that_cannot_be_sent_is_an_error_where_it_is_made() {
    let refused = |event: &str, payload: Value| ChannelEvent::new(TOPIC, event, &payload).err();
    assert!(matches!(
        refused("phx_reply", json!({})),
        Some(Error::ReservedEvent)
    ));
    for payload in [json!("text"), json!(5), json!(true), json!([1])] {
        assert!(matches!(refused("x", payload), Some(Error::NotAnObject)));
    }
    for payload in [json!({}), json!(null), json!({"x": 1})] {
        assert!(refused("x", payload).is_none());
    }
}

/// The lines of the log that an event for this topic causes.
async fn said(app: &TestApp<impl ChannelHandler>, how: &str, topic: &str) -> Vec<String> {
    crate::log::listen();
    let [mut ann, _bob] = two(app).await;
    ann.push(TOPIC, how, json!([topic, "greeting"]));
    app.settle();
    crate::log::errors()
}

#[test]
fn an_event_for_a_topic_that_cannot_be_joined_is_an_error_in_the_log() {
    block_on(async {
        for how in ["broadcast", "push"] {
            let lines = said(&TestApp::new(&channel(Chat)), how, "greeting:x\n").await;
            assert_eq!(lines.len(), 1, "{lines:?}");
            for part in [
                "`greeting:x\\n`",
                "`greeting`",
                "(conn.topic(), \"event\", payload)",
            ] {
                assert!(lines[0].contains(part), "{lines:?}");
            }
            // Nobody is there, but somebody could be.
            let lines = said(&TestApp::new(&channel(Chat)), how, "rooms:2").await;
            assert!(lines.is_empty(), "{lines:?}");
            let lines = said(&TestApp::new(&channel(Chat)), how, TOPIC).await;
            assert!(lines.is_empty(), "{lines:?}");
        }
    });
}

#[test]
fn other_handlers_of_the_socket_and_subscribers_are_known() {
    block_on(async {
        let several = TestApp::new(&channel((Chat, Clock)));
        assert!(said(&several, "broadcast", "clock").await.is_empty());
        assert_eq!(said(&several, "broadcast", "ticks").await.len(), 1);
        // A handler written by hand may take any topic.
        let by_hand = TestApp::new(&channel((Chat, ByHand)));
        assert!(said(&by_hand, "broadcast", "anything").await.is_empty());

        let subscribed = TestApp::new(&channel((Chat, Clock)));
        let mut clock = subscribed.connect().await.unwrap();
        clock.join("clock", json!({})).await.unwrap_ok();
        assert!(said(&subscribed, "broadcast", "ticks").await.is_empty());
        clock.event("clock", "greeting").await;
    });
}

#[test]
fn an_event_that_goes_nowhere_is_said_once_in_a_while() {
    block_on(async {
        let app = TestApp::new(&channel(Chat));
        let lines = said(&app, "broadcast", "greeting").await;
        assert_eq!(lines.len(), 1);
        assert!(said(&app, "broadcast", "greeting").await.is_empty());
    });
}
