//! Clients that go while nothing is read of them, for a handler keeps them waiting.

use crate::{
    Attack,
    attacker::Attacker,
    frame::{OpCode, frame},
    innocent::Innocent,
    polling::Session,
    runtime::Runtime,
    server::Server,
    settings::Settings,
};
use serde_json::{Value, json};
use std::time::Duration;

pub(crate) const ATTACKS: &[Attack] = &[
    ("with_a_full_topic", with_a_full_topic),
    ("with_much_unread", with_much_unread),
    ("without_a_reset", without_a_reset),
    ("without_a_poll", without_a_poll),
];

/// More than a topic's queue has room for.
const EVENTS: usize = 200;

fn slow(payload: &Value) -> Value {
    json!(["rooms:1", "1", "rooms:1", "slow", payload])
}

/// A client whose first event has found its handler, and whose others wait for it.
fn held_up(server: &Server) -> Attacker {
    let mut client = Attacker::connect(server);
    client.join("rooms:1");
    for _ in 0..EVENTS {
        client.push(&slow(&json!({}))).unwrap();
    }
    server.wait_until("held up", |state| state.events == 1);
    client
}

/// Its membership is over while the handler still waits, which is told when it has ended.
fn is_no_member(server: &Server, innocent: &mut Innocent) {
    // The innocent one.
    server.wait_until("without the member", |state| state.members == 1);
    let state = server.state();
    assert_eq!((state.events, state.disconnects), (1, 0));
    innocent.is_answered(10);
    // As often as there are events that have been read.
    server.wait_until("free of it", |state| {
        server.open_gate();
        state.connections == 1
    });
}

/// What is sent and not read makes a reset of the end.
fn reset(mut client: Attacker) {
    client
        .push(&json!([null, "1", "phoenix", "heartbeat", {}]))
        .ok();
    drop(client);
}

fn with_a_full_topic(runtime: Runtime) {
    let server = Server::start(runtime);
    let before = server.state();
    let mut innocent = Innocent::connect(&server);
    let mut client = Attacker::connect(&server);
    client.join("rooms:1");
    // The answer to it is never read.
    client
        .push(&json!([null, "1", "phoenix", "heartbeat", {}]))
        .unwrap();
    for _ in 0..EVENTS {
        client.push(&slow(&json!({}))).unwrap();
    }
    server.wait_until("held up", |state| state.events == 1);
    reset(client);
    is_no_member(&server, &mut innocent);
    drop(innocent);
    server.forgets_clients(before);
}

/// As much as the system takes lies before the end.
fn with_much_unread(runtime: Runtime) {
    let server = Server::start(runtime);
    let before = server.state();
    let mut innocent = Innocent::connect(&server);
    let mut client = held_up(&server);
    client.stream().set_nonblocking(true).unwrap();
    let noise = frame(OpCode::Pong, true, &[0; 125]).repeat(1000);
    while client.send(&noise).is_ok() {}
    client.stream().set_nonblocking(false).unwrap();
    drop(client);
    is_no_member(&server, &mut innocent);
    drop(innocent);
    server.forgets_clients(before);
}

/// All that it was sent has been read, so that nothing tells that it is gone but what it is sent next.
fn without_a_reset(runtime: Runtime) {
    let server = Server::start(runtime);
    let before = server.state();
    let mut innocent = Innocent::connect(&server);
    let client = held_up(&server);
    drop(client);
    is_no_member(&server, &mut innocent);
    drop(innocent);
    server.forgets_clients(before);
}

/// A client that polls and whose topic is full is there for as long as it polls, and gone when it does not any more.
fn without_a_poll(runtime: Runtime) {
    let settings = Settings {
        long_poll_window: Some(Duration::from_secs(1)),
        ..Settings::default()
    };
    let server = Server::start_with(runtime, &settings);
    let before = server.state();
    let mut innocent = Innocent::connect(&server);
    let session = Session::joined(&server, "rooms:1");
    // As many as are taken of one request.
    let events = vec![slow(&json!({})).to_string(); EVENTS / 2].join("\n");
    assert_eq!(session.batch(&events).answer().unwrap().status, 200);
    let not_taken = session.batch(&events);
    server.wait_until("held up", |state| state.events == 1);
    // Together these wait for longer than a client may be silent.
    for _ in 0..3 {
        let answer = session.poll().answer().unwrap();
        assert_eq!(answer.status, 204, "{answer:?}");
    }
    assert_eq!(not_taken.answer().unwrap().status, 408);
    assert_eq!(server.state().members, 2);
    is_no_member(&server, &mut innocent);
    drop(innocent);
    server.forgets_clients(before);
}
