//! `rate = "10/s"`: how often an event may come.

use futures_lite::future::block_on;
use phx_channels::{
    ChannelConn, channel,
    testing::{TestApp, TestClient},
};
use serde_json::{Value, json};
use std::time::Duration;

struct Chat;

#[channel]
impl Chat {
    #[join("rooms:*")]
    async fn join(&self) {}

    #[on("rooms:*", "free")]
    async fn free(&self) -> Result<(), ()> {
        Ok(())
    }

    #[on("rooms:*", "new:msg", rate = "2/s")]
    async fn new_msg(&self, text: String) -> Result<String, ()> {
        Ok(text)
    }

    #[on("rooms:*", "typing", rate = "1/m")]
    async fn typing(&self, conn: ChannelConn<'_>) {
        conn.push((conn.topic(), "typing"));
    }

    /// Only numbers are meant, and no others count.
    #[on("rooms:{number}", "roll", rate = "1/m")]
    async fn roll(&self, number: u32) -> Result<u32, ()> {
        Ok(number)
    }

    #[on("rooms:*", "roll")]
    async fn roll_anywhere(&self) -> Result<&'static str, ()> {
        Ok("anywhere")
    }
}

async fn joined(app: &TestApp<Chat>, topic: &str) -> TestClient {
    let mut client = app.connect().await.unwrap();
    client.join(topic, json!({})).await.unwrap_ok();
    client
}

async fn say(client: &mut TestClient, topic: &str) -> Result<Value, Value> {
    let reply = client.call(topic, "new:msg", "hi").await;
    match &*reply.status {
        "ok" => Ok(reply.response),
        _ => Err(reply.response),
    }
}

fn limited(retry_after_ms: u64) -> Value {
    json!({"reason": "rate_limited", "retry_after_ms": retry_after_ms})
}

#[test]
fn a_rate_answers_what_comes_too_often() {
    block_on(async {
        let app = TestApp::new(&channel(Chat));
        let mut client = joined(&app, "rooms:1").await;
        for _ in 0..2 {
            say(&mut client, "rooms:1").await.unwrap();
        }
        assert_eq!(say(&mut client, "rooms:1").await, Err(limited(500)));
        app.advance(Duration::from_millis(500));
        say(&mut client, "rooms:1").await.unwrap();
        assert_eq!(say(&mut client, "rooms:1").await, Err(limited(500)));
    });
}

#[test]
fn a_rate_is_of_one_event_of_one_topic_of_one_client() {
    block_on(async {
        let app = TestApp::new(&channel(Chat));
        let mut client = joined(&app, "rooms:1").await;
        client.join("rooms:2", json!({})).await.unwrap_ok();
        let mut other = joined(&app, "rooms:1").await;
        for _ in 0..2 {
            say(&mut client, "rooms:1").await.unwrap();
        }
        say(&mut client, "rooms:1").await.unwrap_err();
        client.call("rooms:1", "free", json!({})).await.unwrap_ok();
        client.push("rooms:1", "typing", json!({}));
        client.event("rooms:1", "typing").await;
        say(&mut client, "rooms:2").await.unwrap();
        say(&mut other, "rooms:1").await.unwrap();
    });
}

#[test]
fn a_rate_in_a_minute_and_an_event_without_ref() {
    block_on(async {
        let app = TestApp::new(&channel(Chat));
        let mut client = joined(&app, "rooms:1").await;
        client.push("rooms:1", "typing", json!({}));
        client.event("rooms:1", "typing").await;
        let typing = json!(["1", null, "rooms:1", "typing", {}]);
        client.send_text(typing.to_string());
        client.assert_quiet();
        let again = client.call("rooms:1", "typing", json!({})).await;
        assert_eq!(again.unwrap_error(), limited(60_000));
        app.advance(Duration::from_secs(59));
        client
            .call("phoenix", "heartbeat", json!({}))
            .await
            .unwrap_ok();
        app.advance(Duration::from_secs(1));
        client.send_text(typing.to_string());
        client.event("rooms:1", "typing").await;
    });
}

#[test]
fn a_rate_does_not_count_events_of_another_method() {
    block_on(async {
        let app = TestApp::new(&channel(Chat));
        let mut client = joined(&app, "rooms:1").await;
        client.join("rooms:lobby", json!({})).await.unwrap_ok();
        for _ in 0..3 {
            let roll = client.call("rooms:lobby", "roll", json!({})).await;
            assert_eq!(roll.unwrap_ok(), json!("anywhere"));
        }
        assert_eq!(
            client.call("rooms:1", "roll", json!({})).await.unwrap_ok(),
            json!(1)
        );
        // It is not passed on either.
        client
            .call("rooms:1", "roll", json!({}))
            .await
            .unwrap_error();
    });
}

/// Nobody begins anew by leaving and joining, whatever it is that ends the joined topic.
#[test]
fn a_rate_outlives_the_joined_topic() {
    block_on(async {
        let app = TestApp::new(&channel(Chat));
        let mut client = joined(&app, "rooms:1").await;
        for _ in 0..2 {
            say(&mut client, "rooms:1").await.unwrap();
        }
        client.leave("rooms:1").await.unwrap_ok();
        client.event("rooms:1", "phx_close").await;
        client.join("rooms:1", json!({})).await.unwrap_ok();
        assert_eq!(say(&mut client, "rooms:1").await, Err(limited(500)));
        client.join("rooms:1", json!({})).await.unwrap_ok();
        assert_eq!(say(&mut client, "rooms:1").await, Err(limited(500)));
        app.advance(Duration::from_millis(500));
        say(&mut client, "rooms:1").await.unwrap();
    });
}

/// Nor by connecting anew, once the server knows who it is.
#[test]
fn a_rate_outlives_the_connection() {
    block_on(async {
        let app = TestApp::new(&channel(Chat));
        for _ in 0..2 {
            let client = &mut app.connect().peer_ip([192, 0, 2, 1]).await.unwrap();
            client.join("rooms:1", json!({})).await.unwrap_ok();
            say(client, "rooms:1").await.unwrap();
        }
        let client = &mut app.connect().peer_ip([192, 0, 2, 1]).await.unwrap();
        client.join("rooms:1", json!({})).await.unwrap_ok();
        assert_eq!(say(client, "rooms:1").await, Err(limited(500)));
        let other = &mut app.connect().peer_ip([192, 0, 2, 2]).await.unwrap();
        other.join("rooms:1", json!({})).await.unwrap_ok();
        say(other, "rooms:1").await.unwrap();
    });
}

/// What comes too often is not even decoded.
#[test]
fn a_rate_comes_before_the_payload() {
    block_on(async {
        let app = TestApp::new(&channel(Chat));
        let mut client = joined(&app, "rooms:1").await;
        for _ in 0..2 {
            let reply = client.call("rooms:1", "new:msg", 7).await.unwrap_error();
            assert_eq!(reply["reason"], "invalid payload");
        }
        let reply = client.call("rooms:1", "new:msg", 7).await.unwrap_error();
        assert_eq!(reply, limited(500));
    });
}
