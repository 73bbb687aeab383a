//! User code panics, wherever it is called.

use crate::app::{Scene, TOPIC, Undroppable};
use futures_lite::future::block_on;
use phx_channels::testing::TestClient;
use serde_json::json;

/// Asserts that the client is still connected, and joined where nothing has happened.
async fn assert_unaffected(client: &mut TestClient) {
    client
        .call("phoenix", "heartbeat", json!({}))
        .await
        .unwrap_ok();
    client.call("rooms:2", "echo", json!({})).await.unwrap_ok();
}

async fn joined_twice(scene: &Scene) -> TestClient {
    let mut client = scene.joined().await;
    client.join("rooms:2", json!({})).await.unwrap_ok();
    client
}

#[test]
fn in_an_event() {
    for event in [
        "crash:handler",
        "crash:extractor",
        "crash:reply",
        "crash:push",
        "crash:broadcast",
        "crash:drop",
    ] {
        block_on(async {
            let scene = Scene::new().await;
            let mut client = joined_twice(&scene).await;
            client.push(TOPIC, event, json!({}));
            let told = client.event(TOPIC, "phx_error").await;
            assert_eq!(told, json!({"reason": "channel_crash"}), "{event}");
            assert_unaffected(&mut client).await;
            client.join(TOPIC, json!({})).await.unwrap_ok();
            drop(client);
            scene.assert_all_over().await;
        });
    }
}

#[test]
fn in_an_event_that_has_waited() {
    block_on(async {
        let scene = Scene::new().await;
        let mut client = joined_twice(&scene).await;
        client.push(TOPIC, "crash:late", json!({}));
        assert_unaffected(&mut client).await;
        scene.gate.send(()).await.unwrap();
        client.event(TOPIC, "phx_error").await;
        assert_unaffected(&mut client).await;
        drop(client);
        scene.assert_all_over().await;
    });
}

#[test]
fn in_a_join() {
    for topic in ["crash:join", "crash:extractor", "crash:reply"] {
        block_on(async {
            let scene = Scene::new().await;
            let mut client = joined_twice(&scene).await;
            let refused = client.join(topic, json!({})).await.unwrap_error();
            assert_eq!(refused, json!({"reason": "join crashed"}), "{topic}");
            assert_unaffected(&mut client).await;
            drop(client);
            scene.assert_all_over().await;
        });
    }
}

#[test]
fn in_a_leave() {
    block_on(async {
        let scene = Scene::new().await;
        let mut client = joined_twice(&scene).await;
        client.join("crash:leave", json!({})).await.unwrap_ok();
        client.leave("crash:leave").await.unwrap_ok();
        client.event("crash:leave", "phx_close").await;
        assert_unaffected(&mut client).await;
        // Once more, and this time the connection ends.
        client.join("crash:leave", json!({})).await.unwrap_ok();
        drop(client);
        scene.assert_all_over().await;
    });
}

#[test]
fn in_the_drop_of_a_state() {
    block_on(async {
        let scene = Scene::new().await;
        let mut client = joined_twice(&scene).await;
        client.join("bombs:1", json!({})).await.unwrap_ok();
        client.leave("bombs:1").await.unwrap_ok();
        client.event("bombs:1", "phx_close").await;
        assert_unaffected(&mut client).await;
        // A second join replaces the state of the first.
        client.join("bombs:1", json!({})).await.unwrap_ok();
        client.join("bombs:1", json!({})).await.unwrap_ok();
        assert_unaffected(&mut client).await;
        // And the end of the connection drops the second one.
        drop(client);
        scene.assert_all_over().await;
    });
}

#[test]
fn in_the_drop_of_what_a_handler_holds_that_is_cut_off() {
    block_on(async {
        let scene = Scene::new().await;
        let mut client = joined_twice(&scene).await;
        client.push(TOPIC, "wait_with_bomb", json!({}));
        scene.app.settle();
        client.join(TOPIC, json!({})).await.unwrap_ok();
        assert_unaffected(&mut client).await;
        drop(client);
        scene.assert_all_over().await;
    });
}

/// The one thing here that costs the client its connection: it is dropped in the middle of what the
/// connection does itself.
#[test]
fn in_the_drop_of_a_message_that_nobody_takes() {
    block_on(async {
        let mut scene = Scene::new().await;
        let mut client = joined_twice(&scene).await;
        client.push("rooms:2", "phx_leave", json!({}));
        scene.app.broadcaster().tell("rooms:2", Undroppable);
        assert_eq!(client.closed().await, Some(1011));
        scene.assert_bystander_unaffected().await;
        drop(client);
        scene.assert_all_over().await;
    });
}
