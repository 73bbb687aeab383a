//! Clients that take what they are sent slowly or not at all.

use crate::{
    Attack, attacker::Attacker, innocent::Innocent, runtime::Runtime, server::Server,
    settings::Settings,
};
use serde_json::json;
use std::time::Duration;

pub(crate) const ATTACKS: &[Attack] = &[
    ("share_large_broadcasts", share_large_broadcasts),
    ("of_large_answers_are_closed", of_large_answers_are_closed),
];

const MIB: usize = 1024 * 1024;

/// Almost a message of the largest size that is taken.
fn large() -> String {
    "x".repeat(MIB - 100)
}

/// What is sent to hundreds that read nothing is in memory once.
fn share_large_broadcasts(runtime: Runtime) {
    const MEMBERS: usize = 300;
    const BROADCASTS: usize = 7;
    /// For its buffers and places in queues.
    const KEPT_OF_EACH: usize = 20 * 1024;
    let server = Server::start(runtime);
    let before = server.state();
    let mut members: Vec<_> = (0..MEMBERS).map(|_| Attacker::connect(&server)).collect();
    for member in &mut members {
        member.join("rooms:1");
    }
    server.forget_peak();
    let mut speaker = Attacker::connect(&server);
    speaker.join("rooms:1");
    let mut innocent = Innocent::connect(&server);
    for number in 0..BROADCASTS {
        let message = json!(["rooms:1", null, "rooms:1", "say", {"n": number, "text": large()}]);
        speaker.push(&message).unwrap();
        assert_eq!(speaker.receive().unwrap()[4]["n"], number);
        innocent.is_answered(10);
    }
    // Also what the speaker sends, on its way in.
    let most = before.memory + (BROADCASTS + 6) * MIB + MEMBERS * KEPT_OF_EACH;
    let peak = server.state().peak;
    assert!(peak <= most, "{peak} bytes, from {} on", before.memory);
    drop((members, speaker, innocent));
    server.forgets_clients(before);
}

/// Who takes nothing is closed when the time to write is over, however large the messages.
fn of_large_answers_are_closed(runtime: Runtime) {
    const CLIENTS: usize = 50;
    const ECHOES: usize = 6;
    const BUDGET: usize = 4 * MIB;
    let settings = Settings {
        write_timeout: Some(Duration::from_secs(5)),
        close_timeout: Some(Duration::from_secs(1)),
        ..Settings::default()
    };
    let server = Server::start_with(runtime, &settings);
    let before = server.state();
    server.forget_peak();
    let mut innocent = Innocent::connect(&server);
    let clients: Vec<_> = (0..CLIENTS)
        .map(|_| {
            let mut client = Attacker::connect(&server);
            client.join("rooms:1");
            for number in 0..ECHOES {
                let echo = json!(["rooms:1", number, "rooms:1", "echo", large()]);
                // It is not read any more once its answers wait.
                if client.push(&echo).is_err() {
                    break;
                }
            }
            innocent.is_answered(1);
            client
        })
        .collect();
    server.wait_until("rid of them", |state| state.connections == 1);
    innocent.is_answered(10);
    let most = before.memory + CLIENTS * BUDGET;
    let peak = server.state().peak;
    assert!(peak <= most, "{peak} bytes, from {} on", before.memory);
    drop((clients, innocent));
    server.forgets_clients(before);
}
