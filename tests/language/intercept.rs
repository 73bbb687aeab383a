use futures_lite::future::block_on;
use phx_channels::{
    ChannelConn, ChannelEvent, ChannelHandler, Joined, Params, async_trait, channel,
    testing::{Frame, TestApp, TestClient},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// The intercepting channel of the conformance app, and some more.
struct Tags;

struct Member {
    user: String,
    seen: u32,
}

#[derive(Deserialize)]
struct Login {
    user: String,
}

#[derive(Serialize, Deserialize)]
struct Tag {
    x: u32,
    #[serde(skip_serializing)]
    skip: Option<String>,
    #[serde(rename = "for", skip_deserializing)]
    to: String,
}

#[channel]
impl Tags {
    #[join("tags:*")]
    async fn join(&self, Params(login): Params<Login>) -> Joined<Member> {
        Joined::new(Member {
            user: login.user,
            seen: 0,
        })
    }

    #[on("tags:*")]
    async fn send(&self, conn: ChannelConn<'_>, event: ChannelEvent) {
        conn.broadcast(event);
    }

    #[on("tags:*", "from")]
    async fn send_from(&self, conn: ChannelConn<'_>, event: ChannelEvent) {
        conn.broadcast_from((conn.topic(), "tagged", event.payload()));
    }

    /// Sends in this order, and answers last.
    #[on("tags:*", "all")]
    async fn send_all(&self, conn: ChannelConn<'_>) -> Result<(), ()> {
        conn.broadcast((conn.topic(), "tagged", json!({ "x": 1 })));
        conn.broadcast((conn.topic(), "plain"));
        conn.push((conn.topic(), "pushed"));
        Ok(())
    }

    #[info("tags:*")]
    async fn told(&self, conn: ChannelConn<'_>, told: u32) {
        conn.push((conn.topic(), format!("told {told}").as_str()));
    }

    #[intercept("tags:*", "tagged")]
    async fn tagged(&self, me: &Member, tag: Tag) -> Option<Tag> {
        let to = me.user.clone();
        (tag.skip.as_ref() != Some(&me.user)).then_some(Tag { to, ..tag })
    }

    #[intercept("tags:*", "counted")]
    async fn counted(&self, me: &mut Member) -> Value {
        me.seen += 1;
        json!({ "seen": me.seen })
    }

    /// Takes the event from the one above, on some topics.
    #[intercept("tags:{number}", "counted")]
    async fn numbered(&self, number: u8) -> Value {
        json!({ "number": number })
    }

    #[intercept("tags:*", "rude")]
    async fn rude(&self, conn: ChannelConn<'_>) {
        conn.stop();
    }

    #[intercept("tags:*", "boom")]
    async fn boom(&self) {
        panic!("boom")
    }
}

async fn member(app: &TestApp<Tags>, user: &str, topic: &str) -> TestClient {
    let connect = app.connect().param("user", user);
    let mut client = connect.await.unwrap();
    client.join(topic, json!({})).await.unwrap_ok();
    client
}

const TOPIC: &str = "tags:lobby";

async fn two() -> (TestApp<Tags>, TestClient, TestClient) {
    let app = TestApp::new(&channel(Tags));
    let ann = member(&app, "ann", TOPIC).await;
    let bob = member(&app, "bob", TOPIC).await;
    (app, ann, bob)
}

#[test]
fn p_4_an_intercepted_broadcast_is_a_push_of_its_own_to_each_member() {
    block_on(async {
        let (app, mut ann, mut bob) = two().await;
        let connect = app.connect().vsn(Some("1.0.0")).param("user", "old");
        let mut old = connect.await.unwrap();
        old.join(TOPIC, json!({})).await.unwrap_ok();

        ann.push(TOPIC, "tagged", json!({"x": 1}));
        for (client, name) in [(&mut ann, "ann"), (&mut bob, "bob")] {
            let message = client.message().await;
            assert_eq!(message.join_reference, json!("1"), "it is a push");
            assert_eq!(message.event, "tagged");
            assert_eq!(message.payload, json!({"x": 1, "for": name}));
        }
        let expected =
            r#"{"topic":"tags:lobby","event":"tagged","payload":{"x":1,"for":"old"},"ref":null}"#;
        assert_eq!(old.frame().await, Frame::Text(expected.into()));
    });
}

#[test]
fn p_4b_other_events_are_ordinary_broadcasts() {
    block_on(async {
        let (_app, mut ann, mut bob) = two().await;
        ann.push(TOPIC, "plain", json!({"x": 1}));
        for client in [&mut ann, &mut bob] {
            assert_eq!(client.message().await.join_reference, Value::Null);
        }
    });
}

#[test]
fn p_4c_a_member_may_get_nothing() {
    block_on(async {
        let (_app, mut ann, mut bob) = two().await;
        ann.push(TOPIC, "tagged", json!({"x": 1, "skip": "bob"}));
        ann.event(TOPIC, "tagged").await;
        bob.assert_quiet();
    });
}

#[test]
fn p_4d_what_is_sent_from_a_member_does_not_come_back_to_it() {
    block_on(async {
        let (_app, mut ann, mut bob) = two().await;
        ann.push(TOPIC, "from", json!({"x": 1}));
        assert_eq!(
            bob.event(TOPIC, "tagged").await,
            json!({"x": 1, "for": "bob"})
        );
        ann.assert_quiet();
    });
}

#[test]
fn a_broadcast_from_outside_is_intercepted_with_the_state_of_each_member() {
    block_on(async {
        let (app, mut ann, mut bob) = two().await;
        for seen in 1..=3 {
            app.broadcaster().broadcast((TOPIC, "counted"));
            for client in [&mut ann, &mut bob] {
                assert_eq!(
                    client.event(TOPIC, "counted").await,
                    json!({ "seen": seen })
                );
            }
        }
    });
}

#[test]
fn the_most_specific_pattern_that_fits_intercepts() {
    block_on(async {
        let app = TestApp::new(&channel(Tags));
        let mut seven = member(&app, "ann", "tags:7").await;
        let mut word = member(&app, "bob", "tags:seven").await;
        app.broadcaster().broadcast(("tags:7", "counted"));
        app.broadcaster().broadcast(("tags:seven", "counted"));
        let numbered = seven.event("tags:7", "counted").await;
        assert_eq!(numbered, json!({"number": 7}));
        let counted = word.event("tags:seven", "counted").await;
        assert_eq!(counted, json!({"seen": 1}));
    });
}

/// Who may see it depends on what it says, so nobody sees what cannot be read.
/// The events that come, and the numbers of tags.
async fn heard<const N: usize>(client: &mut TestClient) -> [String; N] {
    let mut heard = [const { String::new() }; N];
    for heard in &mut heard {
        let message = client.message().await;
        *heard = match message.payload["x"].as_u64() {
            Some(x) => format!("tagged {x}"),
            None => message.event,
        };
    }
    client.assert_quiet();
    heard
}

#[test]
fn intercepted_broadcasts_keep_their_order_among_themselves_and_with_what_is_told() {
    block_on(async {
        let (app, _ann, mut bob) = two().await;
        let broadcaster = app.broadcaster();
        for x in [1_u32, 2] {
            broadcaster.broadcast((TOPIC, "tagged", json!({ "x": x })));
            broadcaster.tell(TOPIC, x);
        }
        let heard = heard(&mut bob).await;
        assert_eq!(heard, ["tagged 1", "told 1", "tagged 2", "told 2"]);
    });
}

/// As in Phoenix, where they go through the process of the channel and others do not.
#[test]
fn an_intercepted_broadcast_is_overtaken_by_what_goes_straight_to_the_client() {
    block_on(async {
        let (_app, mut ann, mut bob) = two().await;
        ann.push(TOPIC, "all", json!({}));
        let by_ann = heard(&mut ann).await;
        assert_eq!(by_ann, ["plain", "pushed", "phx_reply", "tagged 1"]);
        let by_bob = heard(&mut bob).await;
        assert_eq!(by_bob, ["plain", "tagged 1"]);
    });
}

#[test]
fn a_broadcast_that_does_not_decode_goes_to_nobody() {
    block_on(async {
        let (_app, mut ann, mut bob) = two().await;
        ann.push(TOPIC, "tagged", json!({"x": "one"}));
        ann.push(TOPIC, "plain", json!({}));
        for client in [&mut ann, &mut bob] {
            client.event(TOPIC, "plain").await;
            client.assert_quiet();
        }
    });
}

#[test]
fn an_interception_may_end_the_topic() {
    block_on(async {
        let (app, mut ann, mut bob) = two().await;
        app.broadcaster().broadcast((TOPIC, "rude"));
        for client in [&mut ann, &mut bob] {
            assert_eq!(client.event(TOPIC, "rude").await, json!({}));
            client.event(TOPIC, "phx_close").await;
        }
        ann.join(TOPIC, json!({})).await.unwrap_ok();
        app.broadcaster().broadcast((TOPIC, "boom"));
        ann.event(TOPIC, "phx_error").await;
        bob.assert_quiet();
    });
}

/// `tagged` alone, by hand, as fast as it can be sent.
struct ByHand;

#[async_trait]
impl ChannelHandler for ByHand {
    async fn join_channel(&self, conn: ChannelConn<'_>, event: ChannelEvent) {
        conn.intercept("tagged");
        conn.allow_join(&event, &()).await;
        conn.intercept("plain");
    }

    async fn incoming_message(&self, conn: ChannelConn<'_>, event: ChannelEvent) {
        conn.broadcast(event);
    }

    async fn handle_out(&self, conn: ChannelConn<'_>, event: ChannelEvent) {
        conn.push((conn.topic(), "seen", json!({"event": event.event()})));
    }
}

#[test]
fn a_handler_written_by_hand_intercepts_what_its_join_names() {
    block_on(async {
        let app = TestApp::new(&channel(ByHand));
        let mut client = app.connect().await.unwrap();
        crate::log::listen();
        client.join("a", json!({})).await.unwrap_ok();
        let errors = crate::log::errors();
        assert!(
            errors[0].contains("`plain` is not intercepted"),
            "{errors:?}"
        );
        client.push("a", "tagged", json!({}));
        assert_eq!(client.event("a", "seen").await, json!({"event": "tagged"}));
        client.push("a", "plain", json!({}));
        assert_eq!(client.message().await.event, "plain");
    });
}

/// A member that hears more than it can take is disconnected, as one is that does not read.
#[test]
fn more_than_the_inbox_holds_ends_the_connection() {
    block_on(async {
        let config = phx_channels::Config::new().mailbox(10, 1024);
        let app = TestApp::new(&channel(ByHand).with_config(config));
        let mut client = app.connect().await.unwrap();
        client.join("a", json!({})).await.unwrap_ok();
        // What has been handled makes room again.
        let small = json!({"text": "x".repeat(50)});
        for _ in 0..3 {
            for _ in 0..10 {
                app.broadcaster().broadcast(("a", "tagged", &small));
            }
            for _ in 0..10 {
                client.event("a", "seen").await;
            }
        }
        // The connection does not get its turn in between.
        for _ in 0..11 {
            app.broadcaster().broadcast(("a", "tagged"));
        }
        assert_eq!(client.closed().await, Some(1013));
        let mut client = app.connect().await.unwrap();
        client.join("a", json!({})).await.unwrap_ok();
        let large = json!({"text": "x".repeat(1024)});
        // One alone may have any size.
        app.broadcaster().broadcast(("a", "tagged", &large));
        client.event("a", "seen").await;
        for _ in 0..2 {
            app.broadcaster().broadcast(("a", "tagged", &large));
        }
        assert_eq!(client.closed().await, Some(1013));
    });
}
