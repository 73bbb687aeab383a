use async_channel::Sender;
use futures_lite::future::block_on;
use phx_channels::{
    ChannelConn, ChannelEvent, ChannelHandler, Joined, Refused, async_trait, channel,
    testing::TestApp,
};
use serde_json::json;

type Answer = Result<&'static str, &'static str>;

struct Chat;

#[channel]
impl Chat {
    #[join("rooms:*")]
    async fn join(&self) -> Answer {
        Ok("chat")
    }

    #[join("rooms:{number}")]
    async fn number(&self, _number: u32) -> Answer {
        Ok("chat number")
    }

    #[on("rooms:*", "who")]
    async fn who(&self) -> Answer {
        Ok("chat")
    }
}

struct Admin {
    log: Sender<&'static str>,
}

fn is_mallory(conn: ChannelConn<'_>) -> bool {
    let json = conn.params().as_json();
    json.is_some_and(|json| json.contains("mallory"))
}

#[channel]
impl Admin {
    #[connect]
    async fn connect(&self, conn: ChannelConn<'_>) -> Result<(), Refused> {
        self.log.try_send("connect").unwrap();
        if is_mallory(conn) {
            return Err(Refused::new());
        }
        Ok(())
    }

    #[join("rooms:admin")]
    async fn admin(&self) -> Joined<u8, &'static str> {
        Joined::new(7).reply("admin")
    }

    #[join("*")]
    async fn anything(&self) -> Result<Joined<u8, &'static str>, &'static str> {
        Ok(Joined::new(8).reply("anything"))
    }

    #[on("*", "who")]
    async fn who(&self, state: &u8) -> Result<u8, ()> {
        Ok(*state)
    }

    #[leave("rooms:admin")]
    async fn left(&self) {
        self.log.try_send("leave").unwrap();
    }

    #[disconnect]
    async fn disconnect(&self) {
        self.log.try_send("disconnect").unwrap();
    }
}

/// A handler written by hand is asked last.
struct ByHand;

#[async_trait]
impl ChannelHandler for ByHand {
    async fn connect(&self, conn: ChannelConn<'_>) {
        assert!(!is_mallory(conn), "asked after a refusal");
    }

    async fn join_channel(&self, conn: ChannelConn<'_>, event: ChannelEvent) {
        // Never sent, unless this handler takes the topic.
        conn.push((conn.topic(), "by:hand"));
        if event.topic() == "by:hand" {
            conn.allow_join(&event, "by hand").await;
        }
    }

    async fn incoming_message(&self, conn: ChannelConn<'_>, event: ChannelEvent) {
        conn.reply_ok(&event, "by hand").await;
    }
}

#[test]
fn the_most_specific_pattern_of_all_takes_a_topic() {
    block_on(async {
        let (log, lines) = async_channel::unbounded();
        let app = TestApp::new(&channel((Chat, Admin { log })));
        let mut client = app.connect().await.unwrap();
        for (topic, joined, who) in [
            ("rooms:lobby", "chat", json!("chat")),
            ("rooms:7", "chat number", json!("chat")),
            ("rooms:admin", "admin", json!(7)),
            ("elsewhere", "anything", json!(8)),
        ] {
            let response = client.join(topic, json!({})).await.unwrap_ok();
            assert_eq!(response, json!(joined), "{topic}");
            let reply = client.call(topic, "who", json!({})).await;
            assert_eq!(reply.unwrap_ok(), who, "{topic}");
        }
        client.leave("rooms:admin").await.unwrap_ok();
        client.leave("rooms:lobby").await.unwrap_ok();
        drop(client);
        app.settle();
        lines.close();
        let lines: Vec<_> = std::iter::from_fn(|| lines.try_recv().ok()).collect();
        assert_eq!(lines, ["connect", "leave", "disconnect"]);
    });
}

#[test]
fn handlers_by_hand_are_asked_last_and_nested_tuples_are_fine() {
    block_on(async {
        let (log, _lines) = async_channel::unbounded();
        let app = TestApp::new(&channel((ByHand, Chat, One)));
        let mut client = app.connect().await.unwrap();
        for (topic, joined) in [("rooms:lobby", "chat"), ("by:hand", "by hand")] {
            assert_eq!(
                client.join(topic, json!({})).await.unwrap_ok(),
                json!(joined)
            );
        }
        let reply = client.call("by:hand", "who", json!({})).await;
        assert_eq!(reply.unwrap_ok(), json!("by hand"));
        // A capture that does not parse leaves the topic to the others, which do not want it.
        let refused = client.join("one:two", json!({})).await;
        assert_eq!(refused.unwrap_error(), json!({"reason": "unmatched topic"}));

        let app = TestApp::new(&channel(((Chat, One), Admin { log })));
        let mut client = app.connect().await.unwrap();
        for (topic, joined) in [
            ("one:1", "one"),
            ("one:two", "anything"),
            ("rooms:1", "chat number"),
            ("rooms:admin", "admin"),
        ] {
            let response = client.join(topic, json!({})).await.unwrap_ok();
            assert_eq!(response, json!(joined), "{topic}");
        }
        assert_eq!(
            client.call("rooms:1", "who", json!({})).await.unwrap_ok(),
            json!("chat")
        );
    });
}

struct One;

#[channel]
impl One {
    #[join("one:{number}")]
    async fn one(&self, _number: u32) -> Answer {
        Ok("one")
    }
}

#[test]
fn what_an_undecided_handler_sent_is_not_sent_for_another() {
    block_on(async {
        let app = TestApp::new(&channel((ByHand, Rest)));
        let mut client = app.connect().await.unwrap();
        let response = client.join("elsewhere", json!({})).await.unwrap_ok();
        assert_eq!(response, json!("rest"));
        client.assert_quiet();
        client.join("by:hand", json!({})).await.unwrap_ok();
        client.event("by:hand", "by:hand").await;
    });
}

/// As broad as a handler by hand, and so asked after it where it comes later.
struct Rest;

#[channel]
impl Rest {
    #[join("*")]
    async fn join(&self) -> Answer {
        Ok("rest")
    }
}

#[test]
fn hs_2_a_refusal_of_one_is_a_refusal() {
    block_on(async {
        let (log, _lines) = async_channel::unbounded();
        let app = TestApp::new(&channel((Chat, Admin { log }, ByHand)));
        let refused = app.connect().param("name", "mallory").await.unwrap_err();
        assert_eq!(refused.status(), trillium::Status::Forbidden);
        assert!(app.connect().param("name", "ann").await.is_ok());
    });
}

struct Other;

#[channel]
impl Other {
    #[join("rooms:{*rest}")]
    async fn join(&self, rest: &str) {
        drop(rest.to_owned());
    }
}

#[test]
#[should_panic(expected = "`#[join(\"rooms:*\")]` of `language::several::Chat` and \
                           `#[join(\"rooms:{*rest}\")]` of `language::several::Other` are for the same topics")]
fn two_joins_for_the_same_topics_are_reported_when_the_server_starts() {
    TestApp::new(&channel((Chat, Other)));
}
