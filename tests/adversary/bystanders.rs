//! That the measures themselves are right: no harm is done where there is no attack.

use crate::{
    Attack,
    attacker::{Attacker, Ended},
    innocent::answered_beside,
    runtime::Runtime,
    server::Server,
};
use serde_json::json;
use std::sync::atomic::Ordering::Relaxed;

pub(crate) const ATTACKS: &[Attack] = &[
    ("busy_clients_leave_nothing", busy_clients_leave_nothing),
    ("a_close_is_told_from_a_break", a_close_is_told_from_a_break),
];

fn busy_clients_leave_nothing(runtime: Runtime) {
    let server = Server::start(runtime);
    let before = server.state();
    answered_beside(&server, 500, |over| {
        let mut client = Attacker::connect(&server);
        client.join("rooms:1");
        while !over.load(Relaxed) {
            client
                .push(&json!(["rooms:1", "1", "rooms:1", "echo", {"a": 1}]))
                .unwrap();
            assert_eq!(client.receive().unwrap()[4]["response"], json!({"a": 1}));
        }
    });
    server.forgets_clients(before);
    assert!(server.terminate().success());
}

fn a_close_is_told_from_a_break(runtime: Runtime) {
    let server = Server::start(runtime);
    let mut client = Attacker::connect(&server);
    for _ in 0..10 {
        client.push(&json!("garbage")).unwrap();
    }
    assert_eq!(client.ended(), Ended::Closed(1011));
}
