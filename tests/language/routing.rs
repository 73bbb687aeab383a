use futures_lite::future::block_on;
use phx_channels::{
    ChannelConn, ChannelEvent, channel,
    testing::{TestApp, TestClient},
};
use serde_json::{Value, json};

/// Every method answers with its own name. The least specific patterns are declared first.
struct Routes;

type Answer = Result<&'static str, &'static str>;

#[channel]
impl Routes {
    #[join("*")]
    async fn any(&self) -> Answer {
        Ok("*")
    }

    #[join("food*")]
    async fn food(&self) -> Answer {
        Ok("food*")
    }

    #[join("rooms:*")]
    async fn rooms(&self) -> Answer {
        Ok("rooms:*")
    }

    #[join("rooms:{room}")]
    async fn room(&self, room: &str) -> Result<String, &'static str> {
        Ok(format!("rooms:{{{room}}}"))
    }

    #[join("rooms:{room}:seats:{seat}")]
    async fn seat(&self, seat: u8, room: String) -> Result<(String, u8), &'static str> {
        Ok((room, seat))
    }

    #[join("rooms:{room}:seats:{*rest}")]
    async fn rest(&self, _room: &str, rest: &str) -> Result<String, &'static str> {
        Ok(format!("rest {rest}"))
    }

    #[join("rooms:lobby")]
    async fn lobby(&self) -> Answer {
        Ok("rooms:lobby")
    }

    #[join("{kind}:lobby:x")]
    async fn kind(&self, _kind: &str) -> Answer {
        Ok("{kind}:lobby:x")
    }

    #[on("*", "ping")]
    async fn ping_any(&self) -> Answer {
        Ok("* ping")
    }

    #[on("rooms:{room}", "ping")]
    async fn ping_number(&self, room: u32) -> Result<u32, &'static str> {
        Ok(room)
    }

    #[on("rooms:*", "ping")]
    async fn ping_rooms(&self) -> Answer {
        Ok("rooms:* ping")
    }

    #[on("rooms:lobby", "ping")]
    async fn ping_lobby(&self) -> Answer {
        Ok("rooms:lobby ping")
    }

    #[on("rooms:*", "broad")]
    async fn broad(&self) -> Answer {
        Ok("rooms:* broad")
    }

    #[on("rooms:lobby")]
    async fn fallback(&self, event: ChannelEvent) -> Result<String, &'static str> {
        Ok(format!("fallback {}", event.event()))
    }
}

async fn client() -> TestClient {
    TestApp::new(&channel(Routes)).connect().await.unwrap()
}

async fn joined(topic: &str) -> Value {
    client().await.join(topic, json!({})).await.unwrap_ok()
}

#[test]
fn d_1_the_most_specific_pattern_takes_a_topic() {
    block_on(async {
        for (topic, route) in [
            ("rooms:lobby", json!("rooms:lobby")),
            ("rooms:other", json!("rooms:{other}")),
            ("rooms:a:b", json!("rooms:*")),
            ("rooms:", json!("rooms:*")),
            ("rooms::", json!("rooms:*")),
            ("rooms", json!("*")),
            ("", json!("*")),
            ("food", json!("food*")),
            ("foods", json!("food*")),
            ("food:1:2", json!("food*")),
            ("foo", json!("*")),
            ("Rooms:lobby", json!("*")),
            ("users:lobby:x", json!("{kind}:lobby:x")),
            // A literal first segment beats a capture, whatever follows.
            ("rooms:lobby:x", json!("rooms:*")),
        ] {
            assert_eq!(joined(topic).await, route, "{topic}");
        }
    });
}

#[test]
fn topics_with_slashes_and_braces_are_ordinary() {
    block_on(async {
        for (topic, route) in [
            ("rooms:a/b", json!("rooms:{a/b}")),
            ("rooms:{room}", json!("rooms:{{room}}")),
            ("rooms/lobby", json!("*")),
            ("rooms:*", json!("rooms:{*}")),
            ("rooms: é 🚀", json!("rooms:{ é 🚀}")),
        ] {
            assert_eq!(joined(topic).await, route, "{topic}");
        }
    });
}

#[test]
fn a_capture_that_does_not_parse_leads_to_the_next_pattern() {
    block_on(async {
        assert_eq!(joined("rooms:a:seats:7").await, json!(["a", 7]));
        assert_eq!(joined("rooms:a:seats:700").await, json!("rest 700"));
        assert_eq!(joined("rooms:a:seats:7:8").await, json!("rest 7:8"));
        assert_eq!(joined("rooms:a:seats:").await, json!("rest "));
    });
}

#[test]
fn the_most_specific_pattern_takes_an_event() {
    block_on(async {
        let mut client = client().await;
        for (topic, event, answer) in [
            ("rooms:lobby", "ping", json!("rooms:lobby ping")),
            ("rooms:7", "ping", json!(7)),
            ("rooms:seven", "ping", json!("rooms:* ping")),
            ("elsewhere", "ping", json!("* ping")),
            // An exact event on a broad pattern beats a fallback on a narrow one.
            ("rooms:lobby", "broad", json!("rooms:* broad")),
            ("rooms:lobby", "other", json!("fallback other")),
            // D-7: events of the protocol that it does not use itself are ordinary ones.
            ("rooms:lobby", "phx_reply", json!("fallback phx_reply")),
        ] {
            client.join(topic, json!({})).await.unwrap_ok();
            let reply = client.call(topic, event, json!({})).await;
            assert_eq!(reply.unwrap_ok(), answer, "{topic} {event}");
        }
    });
}

#[test]
fn m_12_an_event_that_nobody_takes() {
    block_on(async {
        let mut client = client().await;
        client.join("rooms:1", json!({})).await.unwrap_ok();
        let reply = client.call("rooms:1", "nope", json!({})).await;
        assert_eq!(reply.unwrap_error(), json!({"reason": "unmatched event"}));
        // Nobody asked for an answer.
        client.send_text(r#"["1",null,"rooms:1","nope",{}]"#);
        client.assert_quiet();
        client.call("rooms:1", "ping", json!({})).await.unwrap_ok();
    });
}

/// Only one topic can be joined.
struct One;

#[channel]
impl One {
    #[join("rooms:{room}")]
    async fn join(&self, conn: ChannelConn<'_>, room: u32) {
        conn.push((conn.topic(), "number", json!({ "n": room })));
    }
}

#[test]
fn j_4_no_pattern_or_a_capture_that_does_not_parse() {
    block_on(async {
        let app = TestApp::new(&channel(One));
        let mut client = app.connect().await.unwrap();
        for topic in ["rooms:seven", "rooms:", "rooms:1:2", "nope", "phoenix"] {
            let message = {
                client.send_text(json!(["9", "9", topic, "phx_join", {}]).to_string());
                client.message().await
            };
            assert_eq!(message.join_reference, Value::Null, "{topic}");
            let unmatched = json!({"status": "error", "response": {"reason": "unmatched topic"}});
            assert_eq!(message.payload, unmatched, "{topic}");
        }
        client.join("rooms:7", json!({})).await.unwrap_ok();
        assert_eq!(client.event("rooms:7", "number").await, json!({"n": 7}));
        client.assert_quiet();
    });
}

#[test]
fn j_6b_an_unknown_topic_at_the_limit_is_unmatched() {
    block_on(async {
        let config = phx_channels::Config::new().max_topics(1);
        let app = TestApp::new(&channel(One).with_config(config));
        let mut client = app.connect().await.unwrap();
        client.join("rooms:1", json!({})).await.unwrap_ok();
        let unknown = client.join("nope", json!({})).await;
        assert_eq!(unknown.unwrap_error(), json!({"reason": "unmatched topic"}));
        let known = client.join("rooms:2", json!({})).await;
        assert_eq!(
            known.unwrap_error(),
            json!({"reason": "too many channels joined"})
        );
    });
}
