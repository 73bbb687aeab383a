//! Clocks that jump: a machine that was suspended, a process that was stopped.

use crate::app::{Scene, TOPIC};
use futures_lite::future::block_on;
use serde_json::json;
use std::time::Duration;

const HOURS: Duration = Duration::from_hours(10);

#[test]
fn all_clients_are_silent_at_once() {
    block_on(async {
        let scene = Scene::new().await;
        let mut clients = Vec::new();
        for _ in 0..5 {
            clients.push(scene.joined().await);
        }
        scene.app.jump(HOURS);
        for client in &mut clients {
            assert_eq!(client.closed().await, Some(1002));
        }
        // The bystander as well.
        assert_eq!(scene.topics(), 0, "a member is left");
        assert!(scene.app.is_idle(), "a task is left");
        assert_eq!(scene.counts.disconnects(), 6);
    });
}

#[test]
fn who_connects_afterwards_has_the_whole_time() {
    block_on(async {
        let scene = Scene::new().await;
        scene.app.jump(HOURS);
        let mut client = scene.joined().await;
        for _ in 0..10 {
            scene.app.advance(Duration::from_secs(59));
            client.call(TOPIC, "echo", json!({})).await.unwrap_ok();
        }
        scene.app.advance(Duration::from_mins(1));
        assert_eq!(client.closed().await, Some(1002));
    });
}

#[test]
fn a_handler_that_waits_still_ends_in_order() {
    block_on(async {
        let scene = Scene::new().await;
        let mut client = scene.joined().await;
        client.push(TOPIC, "wait", json!({}));
        scene.app.jump(HOURS);
        assert_eq!(client.closed().await, Some(1002));
        assert_eq!(scene.topics(), 0, "a member is left");
        assert_eq!(scene.counts.disconnects(), 1, "the bystander's");
        scene.gate.send(()).await.unwrap();
        assert!(scene.app.is_idle(), "a task is left");
        assert_eq!(scene.counts.disconnects(), 2);
    });
}

/// A client that reads nothing has until the close timeout, by whatever clock.
#[test]
fn a_close_that_nobody_reads_times_out() {
    block_on(async {
        let scene = Scene::new().await;
        let client = scene.joined().await;
        client.pause_reading();
        scene.app.broadcaster().disconnect("someone");
        scene.app.settle();
        assert!(!scene.app.is_idle(), "nobody has read the close yet");
        scene.app.jump(HOURS);
        assert!(scene.app.is_idle(), "a task is left");
        assert_eq!(scene.counts.disconnects(), 2);
    });
}
