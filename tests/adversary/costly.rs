//! Messages that cost a server more than others of their size do: how much of the processor it takes is compared with
//! what as many plain messages take, and with what the first of them took.

use crate::{
    Attack, attacker::Attacker, frame::text, innocent::Innocent, runtime::Runtime, server::Server,
};
use serde_json::json;
use std::time::Duration;

pub(crate) const ATTACKS: &[Attack] = &[
    ("references_that_are_lists", references_that_are_lists),
    ("events_of_many_names", events_of_many_names),
    ("more_joins_than_there_may_be", more_joins_than_there_may_be),
];

/// How many times as much something may take. What grows with the input takes hundreds of times as much.
const TIMES: u32 = 8;

/// What is no more than this is little, whatever it is compared with.
const LITTLE: Duration = Duration::from_millis(200);

/// How much of the processor the server takes for these messages, the last of which it answers.
fn cost(
    server: &Server,
    client: &mut Attacker,
    messages: impl Iterator<Item = String>,
) -> Duration {
    let before = server.cpu();
    for message in messages {
        client.send(&text(&message)).unwrap();
    }
    client
        .push(&json!([null, "last", "phoenix", "heartbeat", {}]))
        .unwrap();
    while client.receive().unwrap()[1] != "last" {}
    server.cpu().saturating_sub(before)
}

fn assert_alike(one: Duration, other: Duration) {
    let most = (one * TIMES).max(LITTLE);
    assert!(other <= most, "{other:?} where {one:?} are enough");
}

/// A list of zeros of about so many bytes.
fn list(bytes: usize) -> String {
    format!("[0{}]", ",0".repeat(bytes / 2 - 1))
}

/// Nobody's event: the `join_ref` is not that of the topic.
fn stale(topic: &str, join_ref: &str) -> String {
    format!(r#"[{join_ref},null,"{topic}","none",{{}}]"#)
}

fn references_that_are_lists(runtime: Runtime) {
    const EVENTS: usize = 2_000;
    let server = Server::start(runtime);
    let mut client = Attacker::connect(&server);
    client.join("rooms:1");
    let plain = (0..EVENTS).map(|_| stale("rooms:1", "\"2\""));
    let plain = cost(&server, &mut client, plain);
    for bytes in [250, 1_000, 1_000_000] {
        let mut client = Attacker::connect(&server);
        let join = format!(r#"[{},"1","rooms:2","phx_join",{{}}]"#, list(bytes));
        client.send(&text(&join)).unwrap();
        let events = (0..EVENTS).map(|_| stale("rooms:2", "[1]"));
        assert_alike(plain, cost(&server, &mut client, events));
    }
    Innocent::connect(&server).is_answered(10);
}

/// Who does not read, and hears states that replace each other, is told ever more of them as long as they differ.
fn events_of_many_names(runtime: Runtime) {
    const EVENTS: usize = 2_000;
    let server = Server::start(runtime);
    let mut members: Vec<_> = (0..10).map(|_| Attacker::connect(&server)).collect();
    for member in &mut members {
        member.join("states:1");
    }
    let mut client = Attacker::connect(&server);
    client.join("states:1");
    let relay = |event: &str, filler: usize| {
        let payload = json!({"event": event, "payload": {"filler": "x".repeat(filler)}});
        json!([null, null, "states:1", "relay", payload]).to_string()
    };
    let named = |n: usize| relay(&format!("e{n}"), 0);
    // More than the system buffers for clients that do not read.
    let filling = (0..100).map(|_| relay("fill", 500_000));
    cost(&server, &mut client, filling);
    let same = (0..EVENTS).map(|_| named(0));
    let same = cost(&server, &mut client, same);
    cost(&server, &mut client, (0..3 * EVENTS).map(named));
    let others = (3 * EVENTS..4 * EVENTS).map(named);
    assert_alike(same, cost(&server, &mut client, others));
}

fn more_joins_than_there_may_be(runtime: Runtime) {
    const JOINS: usize = 2_000;
    let server = Server::start(runtime);
    let mut client = Attacker::connect(&server);
    let join = |n: usize| json!([null, null, format!("rooms:{n}"), "phx_join", {}]).to_string();
    let unknown = |n: usize| json!([null, null, format!("none:{n}"), "phx_join", {}]).to_string();
    let plain = cost(&server, &mut client, (0..JOINS).map(unknown));
    cost(&server, &mut client, (0..100).map(join));
    let refused = cost(&server, &mut client, (100..100 + JOINS).map(join));
    assert_alike(plain, refused);
}
