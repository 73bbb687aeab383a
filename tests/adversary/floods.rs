//! Clients that never stop sending what costs them nothing. Each has its turn, no more, and most have a limit.

use crate::{
    Attack,
    attacker::{Attacker, Ended},
    frame::{OpCode, frame, text},
    innocent::{answered_beside, crowd},
    runtime::Runtime,
    server::{PATIENCE, Server},
    settings::Settings,
};
use std::{
    sync::atomic::Ordering::Relaxed,
    thread,
    time::{Duration, Instant},
};

pub(crate) const ATTACKS: &[Attack] = &[
    ("of_empty_fragments", of_empty_fragments),
    ("of_pings_between_fragments", of_pings_between_fragments),
    ("of_pings", of_pings),
    ("of_pongs", of_pongs),
    ("of_heartbeats", of_heartbeats),
    ("while_the_connection_closes", while_the_connection_closes),
    ("while_the_server_ends", while_the_server_ends),
];

/// What an attacker sends at once.
const AT_ONCE: usize = 64 * 1024;

/// Of the messages that these floods are made of nothing may be kept, nor of the answers to them.
const KEPT_OF_EACH: usize = 256 * 1024;

/// A part of a flood of these.
fn many(frames: &[u8]) -> Vec<u8> {
    frames.repeat(AT_ONCE / frames.len())
}

/// Begins a connection, and then sends the same for as long as it takes it; how that ended.
fn flood(server: &Server, first: &[u8], endless: &[u8]) -> Ended {
    let started = Instant::now();
    let mut attacker = Attacker::connect(server);
    let mut sent = attacker.send(first);
    while sent.is_ok() {
        assert!(started.elapsed() < PATIENCE, "the flood is never ended");
        sent = attacker.send(endless);
    }
    attacker.ended()
}

/// Floods from everywhere, over and over, leave an innocent client its answers, and little in memory. They are closed
/// with this code.
fn closes_floods(runtime: Runtime, code: u16, first: &[u8], endless: &[u8]) {
    let server = Server::start(runtime);
    let before = server.state();
    server.forget_peak();
    answered_beside(&server, 200, |over| {
        // Once at the least.
        loop {
            assert_eq!(flood(&server, first, endless), Ended::Closed(code));
            if over.load(Relaxed) {
                break;
            }
        }
    });
    let most = before.memory + crowd() * KEPT_OF_EACH;
    let peak = server.state().peak;
    assert!(peak <= most, "{peak} bytes, from {} on", before.memory);
    server.forgets_clients(before);
}

/// A message that never ends, of fragments with nothing in them.
fn of_empty_fragments(runtime: Runtime) {
    let first = frame(OpCode::Text, false, b"");
    let endless = many(&frame(OpCode::Continue, false, b""));
    closes_floods(runtime, 1008, &first, &endless);
}

fn of_pings_between_fragments(runtime: Runtime) {
    let first = frame(OpCode::Text, false, b"");
    let fragment = frame(OpCode::Continue, false, b"");
    let both = [fragment, frame(OpCode::Ping, true, b"")].concat();
    closes_floods(runtime, 1008, &first, &many(&both));
}

/// As large as they may be, and their pongs are not read.
fn of_pings(runtime: Runtime) {
    let endless = many(&frame(OpCode::Ping, true, &[0; 125]));
    closes_floods(runtime, 1008, &[], &endless);
}

fn of_pongs(runtime: Runtime) {
    let endless = many(&frame(OpCode::Pong, true, b""));
    closes_floods(runtime, 1008, &[], &endless);
}

/// These are no violation, as long as their answers are read.
fn of_heartbeats(runtime: Runtime) {
    let heartbeat = text(r#"[null,"1","phoenix","heartbeat",{}]"#);
    let endless = many(&heartbeat);
    let server = Server::start(runtime);
    let before = server.state();
    answered_beside(&server, 20, |over| {
        let mut attacker = Attacker::connect(&server);
        let mut reader = attacker.reader();
        thread::scope(|scope| {
            scope.spawn(move || reader.ended());
            while !over.load(Relaxed) {
                attacker.send(&endless).unwrap();
            }
            attacker.finish();
        });
    });
    server.forgets_clients(before);
}

/// What comes behind a violation is thrown away, for as long as the client has to take note of the close, and not longer.
fn while_the_connection_closes(runtime: Runtime) {
    let settings = Settings {
        close_timeout: Some(Duration::from_millis(500)),
        ..Settings::default()
    };
    let server = Server::start_with(runtime, &settings);
    let before = server.state();
    let garbage = text("garbage").repeat(10);
    for endless in [
        text("x"),
        frame(OpCode::Ping, true, b""),
        frame(OpCode::Continue, false, b""),
        frame(OpCode::Text, true, &[b'x'; 10_000]),
    ] {
        let endless = many(&endless);
        answered_beside(&server, 50, |_| {
            assert_eq!(flood(&server, &garbage, &endless), Ended::Closed(1011));
        });
    }
    server.forgets_clients(before);
}

/// A server that is told to end does so, whatever comes.
fn while_the_server_ends(runtime: Runtime) {
    let (ping, beat) = (
        frame(OpCode::Ping, true, b""),
        text(r#"[null,"1","phoenix","heartbeat",{}]"#),
    );
    let fragment = frame(OpCode::Continue, false, b"");
    for endless in [ping, beat, fragment] {
        let endless = many(&endless);
        let server = Server::start(runtime);
        let attackers: Vec<_> = (0..crowd()).map(|_| Attacker::connect(&server)).collect();
        thread::scope(|scope| {
            let endless = &endless;
            for mut attacker in attackers {
                scope.spawn(move || {
                    let started = Instant::now();
                    while started.elapsed() < 2 * PATIENCE && attacker.send(endless).is_ok() {}
                });
            }
            server.wait_until("attacked", |state| state.connections == crowd());
            assert!(server.terminate().success());
        });
    }
}
