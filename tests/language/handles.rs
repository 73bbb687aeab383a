use async_channel::{Receiver, Sender};
use futures_lite::future::block_on;
use phx_channels::{
    Pusher, Reply, ReplyTo, channel,
    testing::{TestApp, TestClient},
};
use serde_json::json;

/// Hands out what outlives a handler.
struct Handles {
    replies: Sender<ReplyTo>,
    pushers: Sender<Pusher>,
    /// What a leave of `slow:*` waits for.
    gate: Receiver<()>,
}

#[channel]
impl Handles {
    #[join("rooms:*")]
    async fn join(&self, pusher: Pusher) -> Result<(), ()> {
        // Held until the join reply is out.
        pusher.push(("rooms:1", "early"));
        self.pushers.send(pusher).await.unwrap();
        Ok(())
    }

    #[join("slow:*")]
    async fn slow(&self, pusher: Pusher) {
        self.pushers.send(pusher).await.unwrap();
    }

    #[leave("slow:*")]
    async fn leave_slowly(&self) {
        self.gate.recv().await.unwrap();
    }

    #[join("refused:*")]
    async fn refused(&self, pusher: Pusher) -> Result<(), &'static str> {
        pusher.broadcast(("rooms:1", "early"));
        self.pushers.send(pusher).await.unwrap();
        Err("no")
    }

    #[on("rooms:*", "later")]
    async fn later(&self, reply: ReplyTo) {
        self.replies.send(reply).await.unwrap();
    }

    #[on("rooms:*", "now")]
    async fn now(&self) -> Result<(), ()> {
        Ok(())
    }

    #[on("rooms:*", "stop")]
    async fn stop(&self) -> Reply {
        Reply::ok("bye").stop()
    }

    #[on("rooms:*", "fail")]
    async fn fail(&self) -> Reply {
        Reply::error("broken").fail()
    }
}

struct Fixture {
    app: TestApp<Handles>,
    client: TestClient,
    replies: Receiver<ReplyTo>,
    pushers: Receiver<Pusher>,
    gate: Sender<()>,
}

async fn fixture() -> Fixture {
    let (reply, replies) = async_channel::unbounded();
    let (pusher, pushers) = async_channel::unbounded();
    let (gate, waits) = async_channel::unbounded();
    let app = TestApp::new(&channel(Handles {
        replies: reply,
        pushers: pusher,
        gate: waits,
    }));
    let mut client = app.connect().await.unwrap();
    client.join("rooms:1", json!({})).await.unwrap_ok();
    client.event("rooms:1", "early").await;
    Fixture {
        app,
        client,
        replies,
        pushers,
        gate,
    }
}

#[test]
fn m_5_a_reply_overtaken_by_a_younger_one() {
    block_on(async {
        let mut fixture = fixture().await;
        let client = &mut fixture.client;
        let later = client.push("rooms:1", "later", json!({}));
        client.call("rooms:1", "now", json!({})).await.unwrap_ok();
        fixture
            .replies
            .recv()
            .await
            .unwrap()
            .ok(&json!({"late": true}));
        assert_eq!(
            client.reply(&later).await.unwrap_ok(),
            json!({"late": true})
        );
    });
}

#[test]
fn m_5b_m_5c_a_reply_after_the_end_of_the_topic() {
    block_on(async {
        let mut fixture = fixture().await;
        let client = &mut fixture.client;
        client.push("rooms:1", "later", json!({}));
        client.leave("rooms:1").await.unwrap_ok();
        client.event("rooms:1", "phx_close").await;
        client.join("rooms:1", json!({})).await.unwrap_ok();
        client.event("rooms:1", "early").await;
        fixture.replies.recv().await.unwrap().error("late");
        // It goes out with the join_ref of the instance that was asked.
        let reply = client.message().await;
        assert_eq!(
            (reply.join_reference, reply.reference),
            (json!("1"), json!("2"))
        );
        assert_eq!(reply.payload["response"], json!({"reason": "late"}));
    });
}

#[test]
fn a_reply_to_a_client_that_is_gone_goes_nowhere() {
    block_on(async {
        let mut fixture = fixture().await;
        fixture.client.push("rooms:1", "later", json!({}));
        drop(fixture.client);
        assert!(fixture.app.is_idle());
        fixture.replies.recv().await.unwrap().ok("late");
    });
}

#[test]
fn a_pusher_lives_as_long_as_its_topic() {
    block_on(async {
        let mut fixture = fixture().await;
        let client = &mut fixture.client;
        let mut other = fixture.app.connect().await.unwrap();
        other.join("rooms:1", json!({})).await.unwrap_ok();
        other.event("rooms:1", "early").await;

        let pusher = fixture.pushers.recv().await.unwrap();
        assert!(pusher.is_alive());
        pusher.push(("rooms:1", "mine"));
        pusher.broadcast(("rooms:1", "everyone's"));
        pusher.broadcast_from(("rooms:1", "theirs"));
        let mine = client.message().await;
        assert_eq!((&*mine.event, mine.join_reference), ("mine", json!("1")));
        client.event("rooms:1", "everyone's").await;
        other.event("rooms:1", "everyone's").await;
        other.event("rooms:1", "theirs").await;

        client.leave("rooms:1").await.unwrap_ok();
        client.event("rooms:1", "phx_close").await;
        assert!(!pusher.is_alive());
        pusher.push(("rooms:1", "mine"));
        pusher.broadcast(("rooms:1", "everyone's"));
        client.assert_quiet();
        other.assert_quiet();
    });
}

#[test]
fn a_pusher_is_dead_while_its_topic_is_being_left() {
    block_on(async {
        let mut fixture = fixture().await;
        fixture.pushers.recv().await.unwrap();
        let client = &mut fixture.client;
        client.join("slow:1", json!({})).await.unwrap_ok();
        let pusher = fixture.pushers.recv().await.unwrap();
        client.leave("slow:1").await.unwrap_ok();
        client.event("slow:1", "phx_close").await;
        assert!(!pusher.is_alive());
        pusher.push(("slow:1", "late"));
        client.assert_quiet();
        fixture.gate.send(()).await.unwrap();
    });
}

#[test]
fn a_pusher_of_a_refused_join_sends_nothing() {
    block_on(async {
        let mut fixture = fixture().await;
        fixture.pushers.recv().await.unwrap();
        let client = &mut fixture.client;
        client.join("refused:1", json!({})).await.unwrap_error();
        let pusher = fixture.pushers.recv().await.unwrap();
        assert!(!pusher.is_alive());
        pusher.broadcast(("rooms:1", "late"));
        client.assert_quiet();
    });
}

#[test]
fn e_3_e_4_a_reply_that_ends_the_topic() {
    block_on(async {
        for (event, status, end) in [("stop", "ok", "phx_close"), ("fail", "error", "phx_error")] {
            let mut fixture = fixture().await;
            let client = &mut fixture.client;
            client.push("rooms:1", event, json!({}));
            let reply = client.message().await;
            assert_eq!(
                (&*reply.event, &reply.payload["status"]),
                ("phx_reply", &json!(status))
            );
            assert_eq!(client.message().await.event, end);
            client.assert_quiet();
        }
    });
}
