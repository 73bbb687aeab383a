//! Handlers that hang while their client goes.

use crate::app::{Scene, TOPIC, topics_of};
use async_channel::Receiver;
use futures_lite::future::{block_on, pending, poll_once};
use phx_channels::{
    ChannelConn, ChannelEvent, ChannelHandler, async_trait, channel, testing::TestApp,
};
use serde_json::json;
use std::{future::IntoFuture, pin::pin, time::Duration};

/// The default for handlers that are under way when the server shuts down, but for the last moment.
const ALMOST_SHUTDOWN_TIMEOUT: Duration = Duration::from_millis(2_999);
const MOMENT: Duration = Duration::from_millis(1);
/// The default for a `connect`.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

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

/// What never returns is cut off when it was said to be, in a handler, in a join, and with something in
/// hand that panics then.
#[test]
fn while_the_server_shuts_down() {
    block_on(async {
        let scene = Scene::new().await;
        let mut client = scene.joined().await;
        client.join("rooms:2", json!({})).await.unwrap_ok();
        client.push("rooms:2", "listen", json!({}));
        client.push("rooms:2", "wait", json!({}));
        let mut joining = scene.app.connect().await.unwrap();
        joining.start_join("doors:1", json!({}));
        let mut armed = scene.joined().await;
        armed.push(TOPIC, "wait_with_bomb", json!({}));
        scene.app.settle();
        scene.app.shut_down();
        scene.app.advance(ALMOST_SHUTDOWN_TIMEOUT);
        for client in [&mut client, &mut joining, &mut armed] {
            client.assert_quiet();
        }
        scene.app.advance(MOMENT);
        for client in [&mut client, &mut joining, &mut armed] {
            assert_eq!(client.closed().await, Some(1012));
        }
        scene.assert_shut_down().await;
    });
}

/// A client that is still at the door is let in when that is decided, and told the same as the others.
#[test]
fn while_the_server_shuts_down_before_a_client_is_connected() {
    struct Slow(Receiver<()>);

    #[async_trait]
    impl ChannelHandler for Slow {
        async fn connect(&self, _: ChannelConn<'_>) {
            self.0.recv().await.unwrap();
        }

        async fn join_channel(&self, _: ChannelConn<'_>, _: ChannelEvent) {}
    }

    block_on(async {
        let (gate, waiting) = async_channel::unbounded();
        let app = TestApp::new(&channel(Slow(waiting)));
        let mut connects = pin!(app.connect().into_future());
        assert!(poll_once(&mut connects).await.is_none());
        app.shut_down();
        gate.send(()).await.unwrap();
        let mut client = connects.await.unwrap();
        assert_eq!(client.closed().await, Some(1012));
        assert!(app.is_idle(), "a task is left");
    });
}

/// And when it is not decided, it is sent away: nothing of it holds the server up for longer.
#[test]
fn while_the_server_shuts_down_and_a_client_is_never_connected() {
    struct Stuck;

    #[async_trait]
    impl ChannelHandler for Stuck {
        async fn connect(&self, _: ChannelConn<'_>) {
            pending::<()>().await;
        }

        async fn join_channel(&self, _: ChannelConn<'_>, _: ChannelEvent) {}
    }

    block_on(async {
        let app = TestApp::new(&channel(Stuck));
        let mut connects = pin!(app.connect().into_future());
        assert!(poll_once(&mut connects).await.is_none());
        app.shut_down();
        app.advance(CONNECT_TIMEOUT);
        let decided = poll_once(&mut connects).await;
        let refused = decided.expect("it still waits").unwrap_err();
        assert_eq!(u16::from(refused.status()), 503);
        assert!(app.is_idle(), "a task is left");
    });
}
