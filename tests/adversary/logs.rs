//! Clients that have the server log what they like.

use crate::{
    Attack,
    attacker::Attacker,
    frame::{OpCode, frame},
    innocent::Innocent,
    runtime::Runtime,
    server::Server,
};
use fastrand::Rng;
use serde_json::{Value, json};
use std::{
    io::{Read, Write},
    net::TcpStream,
};

pub(crate) const ATTACKS: &[Attack] = &[
    (
        "references_that_no_reply_has_room_for",
        references_that_no_reply_has_room_for,
    ),
    (
        "names_that_no_broadcast_has_room_for",
        names_that_no_broadcast_has_room_for,
    ),
    ("refused_origins", refused_origins),
    ("all_that_is_wrong", all_that_is_wrong),
];

/// Bytes that any of this may put into the log.
const LITTLE: u64 = 4096;

const TIMES: usize = 500;

/// Fails if the server has logged more than a little for clients that are gone, or if anything else has come of it.
fn assert_quiet(server: &Server) {
    server.wait_until("done with its clients", |state| state.connections == 0);
    Innocent::connect(server).is_answered(10);
    let logged = server.state().logged;
    assert!(logged < LITTLE, "{logged} bytes were logged");
}

/// Waits until the server has dealt with all that was sent, unless it has closed.
fn has_been_heard(client: &mut Attacker) -> bool {
    let heartbeat = json!([null, "heard", "phoenix", "heartbeat", {}]);
    if client.push(&heartbeat).is_err() {
        return false;
    }
    loop {
        match client.receive() {
            Ok(answer) if answer[1] == "heard" => return true,
            Ok(_) => {}
            Err(_) => return false,
        }
    }
}

/// A reply that is binary has room for 255 bytes of reference.
fn references_that_no_reply_has_room_for(runtime: Runtime) {
    let server = Server::start(runtime);
    let mut client = Attacker::connect(&server);
    client.join("rooms:1");
    for length in [100, 240, 254, 255, 256, 1000, 1_000_000] {
        for _ in 0..20 {
            let reference = "r".repeat(length);
            let push = json!(["rooms:1", reference, "rooms:1", "bytes", {}]);
            // It may have been closed for what came before.
            if client.push(&push).is_err() || !has_been_heard(&mut client) {
                client = Attacker::connect(&server);
                client.join("rooms:1");
            }
        }
    }
    drop(client);
    assert_quiet(&server);
}

/// A broadcast that is binary has room for 255 bytes of an event.
fn names_that_no_broadcast_has_room_for(runtime: Runtime) {
    let server = Server::start(runtime);
    let mut client = Attacker::connect(&server);
    client.join("rooms:1");
    for length in [256, 1000, 1_000_000] {
        for _ in 0..20 {
            let payload = json!({"event": "e".repeat(length)});
            let push = json!(["rooms:1", "1", "rooms:1", "relay_bytes", payload]);
            client.push(&push).unwrap();
        }
    }
    assert!(has_been_heard(&mut client));
    drop(client);
    assert_quiet(&server);
}

fn refused_origins(runtime: Runtime) {
    let server = Server::start(runtime);
    for number in 0..TIMES {
        let mut stream = TcpStream::connect(server.address).unwrap();
        let origin = "a".repeat(7000);
        let head = format!(
            "GET /socket/websocket?vsn=2.0.0&token=secret HTTP/1.1\r\nhost: {}\r\nconnection: upgrade\r\n\
             upgrade: websocket\r\nsec-websocket-version: 13\r\norigin: https://{number}.{origin}.example\r\n\
             sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
            server.address
        );
        stream.write_all(head.as_bytes()).unwrap();
        let mut status = [0; 12];
        stream.read_exact(&mut status).unwrap();
        assert_eq!(&status, b"HTTP/1.1 403");
    }
    assert_quiet(&server);
}

/// Names and payloads of all kinds, to handlers that relay them, refuse them, or are not there.
fn all_that_is_wrong(runtime: Runtime) {
    let seed = fastrand::u64(..);
    println!("seed {seed}");
    let mut rng = Rng::with_seed(seed);
    let server = Server::start(runtime);
    let mut sent = 0;
    while sent < TIMES {
        let mut client = Attacker::connect(&server);
        client.join("rooms:1");
        // Until it is closed, which it may be at any time.
        while sent < TIMES && client.send(&wrong(&mut rng)).is_ok() {
            sent += 1;
        }
    }
    assert_quiet(&server);
}

fn wrong(rng: &mut Rng) -> Vec<u8> {
    let known = [
        "rooms:1",
        "echo",
        "relay",
        "relay_bytes",
        "bytes",
        "say",
        "phx_join",
        "phx_reply",
        "rare",
    ];
    let name = |rng: &mut Rng| match rng.u8(..4) {
        0 => "\n\u{1b}[31mERROR\u{202e}".repeat(rng.usize(..2000)),
        1 => "x".repeat(rng.usize(..100_000)),
        _ => rng.choice(known).unwrap_or("").to_owned(),
    };
    let topic = if rng.bool() {
        "rooms:1".to_owned()
    } else {
        name(rng)
    };
    let payload = match rng.u8(..4) {
        0 => json!({"event": name(rng), "payload": name(rng)}),
        1 => json!({"event": name(rng), "payload": {"a": name(rng)}}),
        2 => json!(name(rng)),
        _ => Value::Null,
    };
    let message = json!(["rooms:1", name(rng), topic, name(rng), payload]).to_string();
    match rng.u8(..8) {
        0 => frame(OpCode::Binary, true, message.as_bytes()),
        1 => frame(OpCode::Text, true, &message.as_bytes()[..message.len() / 2]),
        _ => frame(OpCode::Text, true, message.as_bytes()),
    }
}
