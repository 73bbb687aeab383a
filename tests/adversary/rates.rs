//! Clients that begin anew, so that their rates do.

use crate::{
    Attack, attacker::Attacker, innocent::Innocent, runtime::Runtime, server::Server,
    settings::Settings,
};
use fastrand::Rng;
use serde_json::{Value, json};

pub(crate) const ATTACKS: &[Attack] = &[
    ("connecting_anew", connecting_anew),
    ("joining_anew", joining_anew),
    ("beginning_anew_in_any_order", beginning_anew_in_any_order),
    ("connecting_often", connecting_often),
];

/// Much more than is allowed; what is had back meanwhile is little.
const TIMES: u32 = 200;

fn ask(client: &mut Attacker, event: &str) -> Value {
    let ask = json!(["rooms:1", "1", "rooms:1", event, {}]);
    client.push(&ask).unwrap();
    client.receive().unwrap()[4]["status"].take()
}

/// Replaces the joined topic by a new one.
fn rejoin(client: &mut Attacker) {
    let rejoin = json!(["rooms:1", "0", "rooms:1", "phx_join", {}]);
    client.push(&rejoin).unwrap();
    while client.receive().unwrap()[3] != "phx_close" {}
}

/// Leaves and joins again.
fn leave_and_join(client: &mut Attacker) {
    let leave = json!(["rooms:1", "0", "rooms:1", "phx_leave", {}]);
    client.push(&leave).unwrap();
    while client.receive().unwrap()[3] != "phx_close" {}
    client.join("rooms:1");
}

fn connect(server: &Server) -> Attacker {
    let mut client = Attacker::connect(server);
    client.join("rooms:1");
    client
}

/// Fails if more events have reached a handler than five a minute.
fn assert_few(server: &Server) {
    let answered = server.state().events;
    assert!((5..10).contains(&answered), "{answered} were answered");
}

fn connecting_anew(runtime: Runtime) {
    let settings = Settings {
        events_per_minute: Some(5),
        ..Settings::default()
    };
    let server = Server::start_with(runtime, &settings);
    let before = server.state();
    for _ in 0..TIMES {
        ask(&mut connect(&server), "echo");
    }
    assert_few(&server);
    server.forgets_clients(before);
}

fn joining_anew(runtime: Runtime) {
    let server = Server::start(runtime);
    let mut innocent = Innocent::connect(&server);
    let mut client = connect(&server);
    for _ in 0..TIMES {
        rejoin(&mut client);
        ask(&mut client, "rare");
    }
    innocent.is_answered(10);
    assert_few(&server);
}

/// All that a client can do to look like a new one.
fn beginning_anew_in_any_order(runtime: Runtime) {
    let seed = fastrand::u64(..);
    println!("seed {seed}");
    let mut rng = Rng::with_seed(seed);
    let server = Server::start(runtime);
    let mut client = connect(&server);
    for _ in 0..TIMES {
        match rng.u8(..4) {
            0 => client = connect(&server),
            1 => leave_and_join(&mut client),
            2 => rejoin(&mut client),
            _ => {}
        }
        ask(&mut client, "rare");
    }
    assert_few(&server);
}

fn connecting_often(runtime: Runtime) {
    let settings = Settings {
        connects_per_minute: Some(10),
        ..Settings::default()
    };
    let server = Server::start_with(runtime, &settings);
    let before = server.state();
    let mut innocent = Innocent::connect(&server);
    let let_in = (0..TIMES).filter(|_| Attacker::try_connect(&server).is_ok());
    let let_in = let_in.count();
    assert!((9..20).contains(&let_in), "{let_in} were let in");
    innocent.is_answered(10);
    drop(innocent);
    server.forgets_clients(before);
}
