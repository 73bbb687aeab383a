//! What is trillium's before a connection is upgraded, and has no limit there: silent connections until descriptors are
//! used up, and requests of which only half has come. What is shown is that those who are connected do not notice, and
//! that the server takes new ones again when the attackers are gone. See `docs/RELIABILITY.md` for what guards it.

use crate::{
    Attack,
    attacker::Attacker,
    innocent::Innocent,
    runtime::Runtime,
    server::{PATIENCE, Server},
};
use std::{
    io::{ErrorKind, Write},
    net::TcpStream,
    time::{Duration, Instant},
};

pub(crate) const ATTACKS: &[Attack] = &[
    (
        "silent_connections_take_all_descriptors",
        silent_connections_take_all_descriptors,
    ),
    ("half_requests_hold_nobody_up", half_requests_hold_nobody_up),
];

const DESCRIPTORS: u32 = 64;
const SILENT: usize = 120;

fn silent_connections_take_all_descriptors(runtime: Runtime) {
    let server = Server::start(runtime);
    let mut innocent = Innocent::connect(&server);
    server.limit_descriptors(DESCRIPTORS);
    let silent: Vec<_> = (0..SILENT)
        .map(|_| TcpStream::connect(server.address).unwrap())
        .collect();
    let newcomer = Attacker::try_connect_within(&server, Duration::from_secs(1));
    assert!(newcomer.is_err(), "there are descriptors left");
    innocent.is_answered(500);
    drop((silent, newcomer));
    lets_in(&server);
    innocent.is_answered(10);
}

fn half_requests_hold_nobody_up(runtime: Runtime) {
    let server = Server::start(runtime);
    let mut innocent = Innocent::connect(&server);
    let halves = [
        "GET / HTTP/1.1\r\nHost: localhost\r\n",
        "POST /elsewhere HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nhalf",
    ];
    let halves: Vec<_> = (0..SILENT)
        .map(|n| {
            let mut stream = TcpStream::connect(server.address).unwrap();
            let half = halves[n % halves.len()];
            stream.write_all(half.as_bytes()).unwrap();
            stream
        })
        .collect();
    innocent.is_answered(500);
    Attacker::connect(&server).join("rooms:1");
    drop(halves);
    innocent.is_answered(10);
}

/// Waits until a new client can connect: those who are gone are in the queue of the system first.
fn lets_in(server: &Server) {
    let started = Instant::now();
    loop {
        match Attacker::try_connect(server) {
            Ok(mut client) => return client.join("rooms:1"),
            Err(error) => assert!(
                error.kind() != ErrorKind::WouldBlock && started.elapsed() < PATIENCE,
                "nobody is let in any more: {error}"
            ),
        }
    }
}
