//! One message that is larger than the mailbox, and one that is larger than may be sent at all.

use crate::log;
use futures_lite::future::block_on;
use phx_channels::{
    Binary, ChannelConn, Config, Payload, ReplyTo, channel,
    testing::{TestApp, TestClient},
};
use serde_json::{Value, json};

/// Of a mailbox, and of all that is kept for a connection, in bytes.
const MAILBOX: usize = 50_000;
/// More than a mailbox has.
const LARGE: usize = 2 * MAILBOX;
/// More than may be sent.
const TOO_LARGE: usize = 4 * MAILBOX;

struct Files;

fn text(size: usize) -> Value {
    json!({"text": "x".repeat(size)})
}

#[channel]
impl Files {
    /// Answers with so much.
    #[join("files:*")]
    async fn join(&self, size: Option<usize>) -> Result<Value, ()> {
        Ok(text(size.unwrap_or(0)))
    }

    #[join("given:*")]
    async fn join_given(&self, conn: ChannelConn<'_>, size: usize) {
        conn.push((conn.topic(), "file", text(size)));
    }

    #[on("files:*", "push")]
    async fn push(&self, conn: ChannelConn<'_>, size: usize) -> Result<(), ()> {
        conn.push((conn.topic(), "file", text(size)));
        Ok(())
    }

    #[on("files:*", "broadcast")]
    async fn broadcast(&self, conn: ChannelConn<'_>, size: usize) -> Result<(), ()> {
        conn.broadcast((conn.topic(), "file", text(size)));
        Ok(())
    }

    #[on("files:*", "reply")]
    async fn reply(&self, size: usize) -> Result<Value, ()> {
        Ok(text(size))
    }

    #[on("files:*", "reply_later")]
    async fn reply_later(&self, reply: ReplyTo, size: usize) {
        reply.ok(&text(size));
    }

    #[on("files:*", "bytes")]
    async fn bytes(&self, size: usize) -> Result<Binary<Vec<u8>>, ()> {
        Ok(Binary(vec![0; size]))
    }

    #[on("files:*", "intercepted")]
    async fn intercepted(&self, conn: ChannelConn<'_>, size: usize) -> Result<(), ()> {
        conn.broadcast((conn.topic(), "for_each", text(size)));
        Ok(())
    }

    #[intercept("files:*", "for_each")]
    async fn for_each(&self, payload: Payload) -> Payload {
        payload
    }
}

fn config() -> Config {
    Config::new()
        .mailbox(1000, MAILBOX)
        .max_message_size(MAILBOX / 4)
        .max_outgoing_size(TOO_LARGE)
}

async fn two(config: Config) -> (TestApp<Files>, TestClient, TestClient) {
    let app = TestApp::new(&channel(Files).with_config(config));
    let mut clients = [app.connect().await.unwrap(), app.connect().await.unwrap()];
    for client in &mut clients {
        client.join("files:1", json!(null)).await.unwrap_ok();
    }
    let [one, other] = clients;
    (app, one, other)
}

fn has_size(payload: &Value, size: usize) -> bool {
    payload["text"]
        .as_str()
        .is_some_and(|text| text.len() == size)
}

#[test]
fn one_that_is_larger_than_the_mailbox_reaches_all_who_keep_up() {
    block_on(async {
        let (app, mut one, mut other) = two(config()).await;
        for (event, hears) in [("broadcast", "file"), ("intercepted", "for_each")] {
            one.call("files:1", event, LARGE).await.unwrap_ok();
            for client in [&mut one, &mut other] {
                assert!(has_size(&client.event("files:1", hears).await, LARGE));
            }
        }
        one.call("files:1", "push", LARGE).await.unwrap_ok();
        assert!(has_size(&one.event("files:1", "file").await, LARGE));
        for event in ["reply", "reply_later"] {
            let reply = one.call("files:1", event, LARGE).await;
            assert!(has_size(&reply.unwrap_ok(), LARGE));
        }
        one.call("files:1", "bytes", LARGE).await.unwrap_ok();
        let reply = one.join("files:2", LARGE).await;
        assert!(has_size(&reply.unwrap_ok(), LARGE));
        one.join("given:1", LARGE).await.unwrap_ok();
        assert!(has_size(&one.event("given:1", "file").await, LARGE));
        app.broadcaster()
            .broadcast(("files:1", "file", text(LARGE)));
        for client in [&mut one, &mut other] {
            assert!(has_size(&client.event("files:1", "file").await, LARGE));
        }
        assert_eq!(app.broadcaster().stats().overflow_closes, 0);
    });
}

#[test]
fn one_that_may_not_be_sent_is_refused_and_logged_where_it_is_sent() {
    block_on(async {
        let (app, mut one, mut other) = two(config()).await;
        log::listen();
        for event in ["push", "broadcast", "intercepted"] {
            one.call("files:1", event, TOO_LARGE).await.unwrap_ok();
            let errors = log::errors();
            let [error] = &errors[..] else {
                panic!("{errors:?}");
            };
            for part in ["files:1", "200011 bytes", "200000 may be sent"] {
                assert!(error.contains(part), "{error}");
            }
        }
        app.broadcaster()
            .broadcast(("files:1", "file", text(TOO_LARGE)));
        assert_eq!(log::errors().len(), 1);
        one.join("given:1", TOO_LARGE).await.unwrap_ok();
        assert_eq!(log::errors().len(), 1);
        one.assert_quiet();
        other.assert_quiet();
        assert_eq!(app.broadcaster().stats().overflow_closes, 0);
    });
}

#[test]
fn a_reply_that_may_not_be_sent_is_an_error_to_whoever_waits_for_it() {
    block_on(async {
        let too_large = json!({"reason": "reply too large"});
        for (event, size) in [
            ("reply", TOO_LARGE),
            ("reply_later", TOO_LARGE),
            ("bytes", TOO_LARGE + 1),
        ] {
            let (_app, mut one, _other) = two(config()).await;
            log::listen();
            let reply = one.call("files:1", event, size).await;
            assert_eq!(reply.unwrap_error(), too_large);
            let errors = log::errors();
            let [error] = &errors[..] else {
                panic!("{errors:?}");
            };
            assert!(error.contains("a reply on `files:1`"), "{error}");
        }
        let (_app, mut one, _other) = two(config()).await;
        log::listen();
        let reply = one.join("files:2", TOO_LARGE).await;
        assert_eq!(reply.unwrap_error(), too_large);
        assert_eq!(log::errors().len(), 1);
        // It is not joined, as its client has been told.
        one.call("files:2", "push", 1).await.unwrap_error();
    });
}

#[test]
fn the_size_can_be_set() {
    block_on(async {
        let (_app, mut one, mut other) = two(config().max_outgoing_size(100)).await;
        log::listen();
        one.call("files:1", "broadcast", 89).await.unwrap_ok();
        one.call("files:1", "broadcast", 90).await.unwrap_ok();
        for client in [&mut one, &mut other] {
            assert!(has_size(&client.event("files:1", "file").await, 89));
            client.assert_quiet();
        }
        assert_eq!(log::errors().len(), 1);
    });
}
