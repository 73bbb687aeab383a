//! What a server keeps for one client: less than the budget of a connection, whatever the client sends, and nothing
//! once it is gone.

use crate::{
    Attack, attacker::Attacker, frame::text, innocent::Innocent, random::Messages,
    runtime::Runtime, serve::State, server::Server,
};
use std::{
    io::{ErrorKind, Write as _},
    num::NonZero,
    thread,
    time::Duration,
};

pub(crate) const ATTACKS: &[Attack] = &[
    ("anything", anything),
    ("large_join_refs", large_join_refs),
    (
        "large_refs_behind_slow_handlers",
        large_refs_behind_slow_handlers,
    ),
    (
        "payloads_behind_slow_handlers",
        payloads_behind_slow_handlers,
    ),
    ("payloads_of_all_sizes", payloads_of_all_sizes),
    ("small_events_on_all_topics", small_events_on_all_topics),
    (
        "joins_that_send_before_they_reply",
        joins_that_send_before_they_reply,
    ),
    ("names_that_are_too_long", names_that_are_too_long),
    ("echoes_that_nobody_reads", echoes_that_nobody_reads),
];

const MIB: usize = 1024 * 1024;

/// Four times `max_message_size`, as by default.
const BUDGET: usize = 4 * MIB;

/// What any connection takes, and what its account leaves out: some 1 KB for each joined topic, and 70 bytes for each
/// frame that waits.
const BESIDES: usize = MIB / 4;

/// What a thread of the server keeps, whatever it is that it has encoded: a buffer of 256 KiB at the most, and another
/// that it reads with.
const OF_A_THREAD: usize = 272 * 1024;

/// While a message is read, handled and answered, there is more of that message, but only of one at a time.
const AT_WORK: usize = 4 * MIB;

/// A message, with what is not quoted as JSON.
fn message(join_ref: &str, reference: &str, topic: &str, event: &str, payload: &str) -> Vec<u8> {
    let message = format!(r#"[{join_ref},{reference},"{topic}","{event}",{payload}]"#);
    text(&message)
}

/// A text of about so many bytes.
fn filler(bytes: usize) -> String {
    format!("\"{}\"", "x".repeat(bytes))
}

fn room(n: usize) -> String {
    format!("rooms:{n}")
}

/// What all threads of the server keep together: there is one for each core, and the one that has started it.
fn of_threads() -> usize {
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    (cores + 1) * OF_A_THREAD
}

fn is_within_budget(runtime: Runtime, rooms: usize, messages: impl Iterator<Item = Vec<u8>>) {
    attack(&Server::start(runtime), rooms, messages);
}

/// A client joins so many rooms and sends all of these, as far as the server takes them, and reads nothing. Gives the
/// bytes that are kept then.
fn attack(server: &Server, rooms: usize, messages: impl Iterator<Item = Vec<u8>>) -> usize {
    let mut innocent = Innocent::connect(server);
    innocent.is_answered(1);
    let start = server.state();
    let mut attacker = Attacker::connect(server);
    for n in 0..rooms {
        attacker.join(&room(n));
    }
    server.forget_peak();
    send_what_is_taken(&attacker, server, messages);
    let after = server.state();
    let grown = |bytes: usize| bytes.saturating_sub(start.memory);
    let (kept, most) = (grown(after.memory), grown(after.peak));
    let most_kept = BUDGET + BESIDES + of_threads();
    assert!(kept <= most_kept, "{kept} bytes are kept: {after:?}");
    assert!(
        most <= most_kept + AT_WORK,
        "{most} bytes for a moment: {after:?}"
    );
    innocent.is_answered(100);
    drop((attacker, innocent));
    server.open_gate();
    server.wait_until("without clients", |state| {
        server.open_gate();
        state.connections == 0
    });
    server.forgets_clients(start);
    kept
}

/// Says with which messages it was, if it fails.
struct Seed(u64);

impl Drop for Seed {
    fn drop(&mut self) {
        if thread::panicking() {
            eprintln!("with the seed {}", self.0);
        }
    }
}

/// Looks for the worst that a client can do: messages at random, and more of those that made the server keep most.
fn anything(runtime: Runtime) {
    const SEEDS: usize = 8;
    let server = Server::start(runtime);
    let mut worst = (0, 0);
    for seed in std::iter::repeat_with(|| fastrand::u64(..)).take(SEEDS) {
        let _seed = Seed(seed);
        let kept = attack(&server, 40, Messages::new(seed, MIB).take(400));
        worst = worst.max((kept, seed));
    }
    let (_, seed) = worst;
    let _seed = Seed(seed);
    attack(&server, 40, Messages::new(seed, MIB).take(2000));
}

/// Sends until all is taken, or the server reads no more of it.
fn send_what_is_taken(
    attacker: &Attacker,
    server: &Server,
    messages: impl Iterator<Item = Vec<u8>>,
) {
    /// So many glances without any progress are taken for the end of it.
    const GLANCES: usize = 100;
    let mut stream = attacker.stream();
    stream.set_nonblocking(true).unwrap();
    for message in messages {
        let mut rest = &message[..];
        let mut glances = 0;
        while !rest.is_empty() {
            match stream.write(rest) {
                Ok(taken) => {
                    rest = &rest[taken..];
                    glances = 0;
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock && glances < GLANCES => {
                    glances += 1;
                    thread::sleep(Duration::from_millis(2));
                }
                // It takes no more, or has closed.
                Err(_) => return wait_until_idle(server),
            }
        }
    }
    wait_until_idle(server);
}

/// Waits until the server has done what it does with what it has read.
fn wait_until_idle(server: &Server) {
    let essence = |state: State| (state.memory, state.events, state.joins, state.members);
    let mut same = 0;
    let mut last = essence(server.state());
    while same < 20 {
        thread::sleep(Duration::from_millis(5));
        let now = essence(server.state());
        same = if now == last { same + 1 } else { 0 };
        last = now;
    }
}

fn large_join_refs(runtime: Runtime) {
    let join_ref = filler(MIB - 100);
    let joins = (0..100).map(|n| message(&join_ref, "\"1\"", &room(n), "phx_join", "{}"));
    is_within_budget(runtime, 0, joins);
}

fn large_refs_behind_slow_handlers(runtime: Runtime) {
    let reference = filler(MIB - 100);
    let events = (0..40).map(|n| {
        let (reference, room) = (if n < 20 { "\"1\"" } else { &*reference }, room(n % 20));
        message("null", reference, &room, "slow", "{}")
    });
    is_within_budget(runtime, 20, events);
}

fn payloads_behind_slow_handlers(runtime: Runtime) {
    let payload = filler(MIB - 100);
    let events = (0..60).map(|n| message("null", "\"1\"", &room(n % 20), "slow", &payload));
    is_within_budget(runtime, 20, events);
}

fn payloads_of_all_sizes(runtime: Runtime) {
    let events = (0..2000).map(|n| {
        let payload = filler(1 << (n % 20));
        message("null", "\"1\"", &room(n * 7 % 100), "slow", &payload)
    });
    is_within_budget(runtime, 100, events);
}

fn small_events_on_all_topics(runtime: Runtime) {
    let events = (0..100_000).map(|n| message("null", "\"1\"", &room(n % 100), "slow", "{}"));
    is_within_budget(runtime, 100, events);
}

fn joins_that_send_before_they_reply(runtime: Runtime) {
    let payload = filler(MIB - 100);
    let joins = (0..40).map(|n| {
        let topic = format!("held:{n}");
        message("\"1\"", "\"1\"", &topic, "phx_join", &payload)
    });
    is_within_budget(runtime, 0, joins);
}

fn names_that_are_too_long(runtime: Runtime) {
    let topic = "x".repeat(MIB - 100);
    let events = (0..60).map(|_| message("null", "\"1\"", &topic, "slow", "{}"));
    is_within_budget(runtime, 0, events);
}

fn echoes_that_nobody_reads(runtime: Runtime) {
    let payload = filler(MIB - 100);
    let events = (0..60).map(|n| message("null", "\"1\"", &room(n % 20), "echo", &payload));
    is_within_budget(runtime, 20, events);
}
