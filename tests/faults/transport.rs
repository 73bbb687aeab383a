//! The transport fails: at every read and at every write of a busy life, in turn.

use crate::app::{Scene, TOPIC};
use futures_lite::future::block_on;
use phx_channels::testing::{Fault, TestClient};
use serde_json::json;

/// Joins, events, crashes and leaves, one after the other, and at last the server closes. Nothing is
/// awaited, for the connection may be gone at any point.
fn live(scene: &Scene, client: &mut TestClient) {
    let steps: &[&dyn Fn(&mut TestClient)] = &[
        &|client| drop(client.start_join(TOPIC, json!({}))),
        &|client| drop(client.start_join("rooms:2", json!({}))),
        &|client| drop(client.start_join("doors:1", json!({}))),
        &|client| drop(client.push(TOPIC, "listen", json!({}))),
        &|client| drop(client.push(TOPIC, "shout", json!({}))),
        &|client| drop(client.push("rooms:2", "crash:handler", json!({}))),
        &|client| drop(client.start_join("rooms:2", json!({}))),
        &|client| drop(client.push("rooms:2", "wait", json!({}))),
        // Cuts off the handler that waits.
        &|client| drop(client.start_join("rooms:2", json!({}))),
        &|client| drop(client.push(TOPIC, "wait", json!({}))),
        &|client| drop(client.push(TOPIC, "echo", json!({}))),
        &|client| client.send_text("no message"),
        &|client| drop(client.push(TOPIC, "phx_leave", json!({}))),
    ];
    for step in steps {
        step(client);
        scene.app.settle();
    }
    // One for the join that waits, one for the handler.
    for _ in 0..2 {
        scene.gate.try_send(()).unwrap();
        scene.app.settle();
    }
}

/// Lets the connection break after so many reads or writes, until none is left to break at.
fn breaks_at_each(fault_after: fn(usize) -> Fault) {
    for operations in 0.. {
        let fault = fault_after(operations);
        block_on(async {
            let mut scene = Scene::new().await;
            let mut client = scene.app.connect().fault(&fault).await.unwrap();
            live(&scene, &mut client);
            scene.assert_bystander_unaffected().await;
            drop(client);
            scene.assert_all_over().await;
        });
        if !fault.has_struck() {
            assert!(operations > 5, "there was hardly anything to break at");
            return;
        }
    }
}

#[test]
fn a_read_fails() {
    breaks_at_each(Fault::after_reads);
}

#[test]
fn a_write_fails() {
    breaks_at_each(Fault::after_writes);
}

/// The same on the way out: the server closes, and the transport fails before it has.
fn breaks_while_closing(fault_after: fn(usize) -> Fault) {
    for operations in 0.. {
        let fault = fault_after(operations);
        block_on(async {
            let scene = Scene::new().await;
            let mut client = scene.app.connect().fault(&fault).await.unwrap();
            client.start_join("bombs:1", json!({}));
            client.start_join("rooms:2", json!({}));
            scene.app.settle();
            // Undecodable frames, until the server has had enough.
            for _ in 0..10 {
                client.send_text("no message");
                scene.app.settle();
            }
            scene.assert_all_over().await;
        });
        if !fault.has_struck() {
            assert!(operations > 1, "there was hardly anything to break at");
            return;
        }
    }
}

#[test]
fn a_read_fails_while_the_server_closes() {
    breaks_while_closing(Fault::after_reads);
}

#[test]
fn a_write_fails_while_the_server_closes() {
    breaks_while_closing(Fault::after_writes);
}
