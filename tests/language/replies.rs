use futures_lite::future::block_on;
use phx_channels::{ChannelConn, Event, Reply, channel, testing::TestApp};
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::HashMap;

struct Replies;

#[derive(Serialize)]
struct Denied {
    code: u16,
}

#[derive(Serialize, Event)]
struct UserEntered {
    name: &'static str,
}

#[derive(Serialize, Event)]
#[event("server:ping")]
struct Ping;

/// A generic payload type.
#[derive(Serialize, Event)]
#[event("batch")]
struct Batch<T> {
    items: Vec<T>,
}

#[channel]
impl Replies {
    #[join("rooms:*")]
    async fn join(&self) -> Result<(), &'static str> {
        Ok(())
    }

    #[join("closed:*")]
    async fn closed(&self, conn: ChannelConn<'_>) -> Result<(), Denied> {
        conn.broadcast(("rooms:1", "somebody:tried"));
        conn.push(UserEntered { name: "nobody" });
        Err(Denied { code: 7 })
    }

    #[on("rooms:*", "nothing")]
    async fn nothing(&self) {}

    #[on("rooms:*", "ok")]
    async fn ok(&self) -> Result<Vec<u8>, Denied> {
        Ok(vec![1, 2])
    }

    #[on("rooms:*", "ok:unit")]
    async fn ok_unit(&self) -> Result<(), Denied> {
        Ok(())
    }

    #[on("rooms:*", "error")]
    async fn error(&self) -> Result<(), Denied> {
        Err(Denied { code: 7 })
    }

    #[on("rooms:*", "error:text")]
    async fn error_text(&self) -> Result<(), String> {
        Err("no \"way\"".into())
    }

    #[on("rooms:*", "error:unit")]
    async fn error_unit(&self) -> Result<(), ()> {
        Err(())
    }

    #[on("rooms:*", "reply")]
    async fn reply(&self) -> Reply {
        Reply::new("rate_limited", &json!({"after": 5}))
    }

    #[on("rooms:*", "unencodable")]
    async fn unencodable(&self) -> Result<HashMap<Vec<u8>, u8>, ()> {
        Ok(HashMap::from([(vec![1], 1)]))
    }

    #[on("rooms:*", "send")]
    async fn send(&self, conn: ChannelConn<'_>) {
        conn.push(UserEntered { name: "Ann" });
        conn.push(Ping);
        conn.push(Batch { items: vec![1, 2] });
        conn.push((conn.topic(), UserEntered { name: "Bob" }));
        conn.push((String::from("rooms:elsewhere"), "hello", json!({"a": 1})));
    }

    #[on("rooms:*", "stop")]
    async fn stop(&self, conn: ChannelConn<'_>) -> Result<&'static str, ()> {
        conn.stop();
        Ok("bye")
    }
}

#[test]
fn what_a_method_returns_is_the_reply() {
    block_on(async {
        let app = TestApp::new(&channel(Replies));
        let mut client = app.connect().await.unwrap();
        client.join("rooms:1", json!({})).await.unwrap_ok();
        for (event, status, response) in [
            ("ok", "ok", json!([1, 2])),
            ("ok:unit", "ok", json!({})),
            ("error", "error", json!({"code": 7})),
            ("error:text", "error", json!({"reason": "no \"way\""})),
            ("error:unit", "error", json!({})),
            ("reply", "rate_limited", json!({"after": 5})),
            (
                "unencodable",
                "error",
                json!({"reason": "reply could not be encoded"}),
            ),
        ] {
            let reply = client.call("rooms:1", event, json!({})).await;
            assert_eq!(
                (&*reply.status, reply.response),
                (status, response),
                "{event}"
            );
        }
        client.push("rooms:1", "nothing", json!({}));
        client.assert_quiet();
    });
}

#[test]
fn a_refused_join_sends_nothing_else() {
    block_on(async {
        let app = TestApp::new(&channel(Replies));
        let mut member = app.connect().await.unwrap();
        member.join("rooms:1", json!({})).await.unwrap_ok();
        let mut client = app.connect().await.unwrap();
        let refused = client.join("closed:1", json!({})).await;
        assert_eq!(refused.unwrap_error(), json!({"code": 7}));
        client.assert_quiet();
        member.assert_quiet();
    });
}

#[test]
fn events_have_the_names_of_their_types() {
    block_on(async {
        let app = TestApp::new(&channel(Replies));
        let mut client = app.connect().await.unwrap();
        client.join("rooms:1", json!({})).await.unwrap_ok();
        client.push("rooms:1", "send", json!({}));
        for (topic, event, payload, join_ref) in [
            (
                "rooms:1",
                "user_entered",
                json!({"name": "Ann"}),
                json!("1"),
            ),
            ("rooms:1", "server:ping", json!({}), json!("1")),
            ("rooms:1", "batch", json!({"items": [1, 2]}), json!("1")),
            (
                "rooms:1",
                "user_entered",
                json!({"name": "Bob"}),
                json!("1"),
            ),
            // A push on a foreign topic carries no join_ref: it would be taken for a stale one.
            ("rooms:elsewhere", "hello", json!({"a": 1}), Value::Null),
        ] {
            let message = client.message().await;
            assert_eq!((&*message.topic, &*message.event), (topic, event));
            assert_eq!(
                (message.payload, message.join_reference),
                (payload, join_ref)
            );
        }
    });
}

#[test]
fn e_3_the_reply_precedes_the_close() {
    block_on(async {
        let app = TestApp::new(&channel(Replies));
        let mut client = app.connect().await.unwrap();
        client.join("rooms:1", json!({})).await.unwrap_ok();
        client.push("rooms:1", "stop", json!({}));
        assert_eq!(client.message().await.event, "phx_reply");
        assert_eq!(client.message().await.event, "phx_close");
    });
}
