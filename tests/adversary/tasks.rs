//! Clients for whose events a handler arms a timer or spawns a task, each of which lasts: `Config::max_tasks` is what
//! they come to.

use crate::{
    Attack, attacker::Attacker, innocent::Innocent, runtime::Runtime, serve::State, server::Server,
};
use serde_json::{Value, json};
use std::thread;

pub(crate) const ATTACKS: &[Attack] = &[
    ("timers_for_each_event", timers_for_each_event),
    ("tasks_for_each_event", tasks_for_each_event),
];

/// As many as one client may have joined, by default.
const ROOMS: usize = 100;
/// Tasks and timers of one topic, by default.
const MAX_TASKS: usize = 128;
/// More than there is room for, by so many.
const ABOVE: usize = 72;
/// What one of these takes, with the entry of the runtime that wakes it.
const TASK: usize = 1024;
/// What is kept besides: topics, and what grows in steps, like the tables of the runtime.
const BESIDES: usize = 2 * 1024 * 1024;
/// In ten seconds there is one line of a kind.
const LOGGED: u64 = 10 * 1024;

fn room(n: usize) -> String {
    format!("rooms:{n}")
}

/// Sends this event so often in each of these rooms, and counts the answers by what they say.
fn ask(
    client: &mut Attacker,
    event: &str,
    rooms: impl Iterator<Item = usize>,
    times: usize,
) -> (usize, usize) {
    let (mut taken, mut refused) = (0, 0);
    for n in rooms {
        let room = room(n);
        for _ in 0..times {
            let asked = json!([room, "1", room, event, {}]);
            client.push(&asked).unwrap();
        }
        for _ in 0..times {
            match client.receive().unwrap()[4]["response"] {
                Value::Bool(true) => taken += 1,
                Value::Bool(false) => refused += 1,
                ref other => panic!("answered with {other}"),
            }
        }
    }
    (taken, refused)
}

/// Leaves a topic, and waits until it has ended.
fn leave(client: &mut Attacker, room: &str) {
    client
        .push(&json!([room, "2", room, "phx_leave", {}]))
        .unwrap();
    let answers = [client.receive().unwrap(), client.receive().unwrap()];
    assert!(answers.iter().any(|it| it[3] == "phx_close"), "{answers:?}");
}

fn kept(before: State, now: State) -> usize {
    now.memory.saturating_sub(before.memory)
}

fn is_bounded(runtime: Runtime, event: &str) {
    let server = Server::start(runtime);
    let before = server.state();
    let mut innocent = Innocent::connect(&server);
    let mut client = Attacker::connect(&server);
    for n in 0..ROOMS {
        client.join(&room(n));
    }
    let logged = server.state().logged;
    thread::scope(|scope| {
        let attack = scope.spawn(|| {
            let asked = ask(&mut client, event, 0..ROOMS, MAX_TASKS + ABOVE);
            assert_eq!(asked, (ROOMS * MAX_TASKS, ROOMS * ABOVE));
            let full = kept(before, server.state());
            let most = ROOMS * MAX_TASKS * TASK + BESIDES;
            assert!(full <= most, "{full} bytes are kept, {most} are the most");
            // Whatever more it sends, nothing comes of it.
            let asked = ask(&mut client, event, 0..ROOMS, MAX_TASKS + ABOVE);
            assert_eq!(asked, (0, ROOMS * (MAX_TASKS + ABOVE)));
            let still = kept(before, server.state());
            assert!(still <= full + BESIDES / 8, "{still} bytes, {full} before");
        });
        innocent.is_answered(500);
        attack.join().unwrap();
    });
    let logged = server.state().logged - logged;
    assert!(
        (1..LOGGED).contains(&logged),
        "{logged} bytes in the log of tasks that were not spawned"
    );
    // They end with their topic: one that is joined anew has room again, and no other has.
    leave(&mut client, &room(0));
    client.join(&room(0));
    let mut anew = ask(&mut client, event, 0..1, MAX_TASKS + 1);
    assert_eq!(anew, (MAX_TASKS, 1));
    anew = ask(&mut client, event, 1..2, 1);
    assert_eq!(anew, (0, 1));
    drop((client, innocent));
    server.forgets_clients(before);
    assert!(server.terminate().success());
}

fn timers_for_each_event(runtime: Runtime) {
    is_bounded(runtime, "later");
}

fn tasks_for_each_event(runtime: Runtime) {
    is_bounded(runtime, "spawn");
}
