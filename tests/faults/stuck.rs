//! Handlers that hang while their client goes.

use crate::app::{Scene, TOPIC, topics_of};
use async_channel::Receiver;
use futures_lite::future::block_on;
use phx_channels::{
    ChannelConn, ChannelEvent, ChannelHandler, async_trait, channel, testing::TestApp,
};
use serde_json::json;

/// The instance is no member any more, whatever its handler does. The handler still runs to its end,
/// and then its client is told to have gone.
#[test]
fn while_the_client_vanishes() {
    block_on(async {
        let mut scene = Scene::new().await;
        let mut client = scene.joined().await;
        client.join("rooms:2", json!({})).await.unwrap_ok();
        client.push("rooms:2", "listen", json!({}));
        client.push("rooms:2", "wait", json!({}));
        scene.app.settle();
        drop(client);
        assert_eq!(scene.topics(), 1, "it still hears what is broadcast");
        assert_eq!(scene.counts.disconnects(), 0);
        scene.assert_bystander_unaffected().await;
        scene.gate.send(()).await.unwrap();
        scene.app.settle();
        assert_eq!(scene.counts.disconnects(), 1);
        scene.assert_all_over().await;
    });
}

/// A join that is decided after its client has gone makes no member.
#[test]
fn while_the_client_vanishes_during_a_join() {
    block_on(async {
        let scene = Scene::new().await;
        let mut client = scene.joined().await;
        client.start_join("doors:1", json!({}));
        scene.app.settle();
        drop(client);
        scene.app.settle();
        scene.gate.send(()).await.unwrap();
        scene.app.settle();
        assert_eq!(scene.counts.disconnects(), 1);
        scene.assert_all_over().await;
    });
}

/// Nor does one that goes on after its decision, as joins that are written by hand may.
#[test]
fn while_the_client_vanishes_before_a_decision() {
    struct Slow(Receiver<()>);

    #[async_trait]
    impl ChannelHandler for Slow {
        async fn join_channel(&self, conn: ChannelConn<'_>, event: ChannelEvent) {
            self.0.recv().await.unwrap();
            conn.allow_join(&event, &()).await;
            self.0.recv().await.unwrap();
        }
    }

    block_on(async {
        let (gate, waiting) = async_channel::unbounded();
        let app = TestApp::new(&channel(Slow(waiting)));
        let mut client = app.connect().await.unwrap();
        client.start_join(TOPIC, json!({}));
        app.settle();
        drop(client);
        app.settle();
        gate.send(()).await.unwrap();
        app.settle();
        assert_eq!(topics_of(&app), 0, "a member is left");
        gate.send(()).await.unwrap();
        assert!(app.is_idle(), "a task is left");
    });
}

#[test]
fn while_the_client_vanishes_before_a_subscription() {
    block_on(async {
        let scene = Scene::new().await;
        let mut client = scene.app.connect().await.unwrap();
        client.join("rooms:2", json!({})).await.unwrap_ok();
        client.push("rooms:2", "listen_late", json!({}));
        scene.app.settle();
        drop(client);
        scene.app.settle();
        scene.gate.send(()).await.unwrap();
        assert_eq!(scene.topics(), 1, "it hears what is broadcast");
        scene.gate.send(()).await.unwrap();
        scene.assert_all_over().await;
    });
}

#[test]
fn while_the_client_leaves() {
    block_on(async {
        let mut scene = Scene::new().await;
        let mut client = scene.joined().await;
        client.join("rooms:2", json!({})).await.unwrap_ok();
        client.push("rooms:2", "wait", json!({}));
        let leave = client.push("rooms:2", "phx_leave", json!({}));
        // Its other topics go on.
        client.call(TOPIC, "echo", json!({})).await.unwrap_ok();
        scene.assert_bystander_unaffected().await;
        scene.gate.send(()).await.unwrap();
        client.reply(&leave).await.unwrap_ok();
        drop(client);
        scene.assert_all_over().await;
    });
}

/// A second join does not wait for the handler of the first one.
#[test]
fn while_the_client_joins_again() {
    block_on(async {
        let scene = Scene::new().await;
        let mut client = scene.joined().await;
        client.push(TOPIC, "wait", json!({}));
        scene.app.settle();
        client.join(TOPIC, json!({})).await.unwrap_ok();
        client.call(TOPIC, "echo", json!({})).await.unwrap_ok();
        drop(client);
        scene.assert_all_over().await;
    });
}

#[test]
fn while_the_server_closes() {
    block_on(async {
        let scene = Scene::new().await;
        let mut client = scene.app.connect().await.unwrap();
        client.join("rooms:2", json!({})).await.unwrap_ok();
        client.push("rooms:2", "wait", json!({}));
        scene.app.settle();
        for _ in 0..10 {
            client.send_text("no message");
        }
        assert_eq!(client.closed().await, Some(1011));
        assert_eq!(scene.topics(), 1, "it still hears what is broadcast");
        scene.gate.send(()).await.unwrap();
        scene.app.settle();
        assert_eq!(scene.counts.disconnects(), 1);
        scene.assert_all_over().await;
    });
}
