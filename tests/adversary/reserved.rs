//! Clients that have a handler send, under a name that they give, what others would take for the protocol's own.

use crate::{Attack, attacker::Attacker, innocent::Innocent, runtime::Runtime, server::Server};
use fastrand::Rng;
use serde_json::{Value, json};

pub(crate) const ATTACKS: &[Attack] = &[
    ("events_of_the_protocol", events_of_the_protocol),
    ("any_names", any_names),
];

/// Has the server broadcast events of these names, and gives those that a member of the room has heard.
fn relayed(server: &Server, names: &[String]) -> Vec<String> {
    let (mut attacker, mut member) = (Attacker::connect(server), Attacker::connect(server));
    attacker.join("rooms:1");
    member.join("rooms:1");
    for name in names {
        let relay = json!({"event": name, "payload": {"status": "ok", "response": {}}});
        let relay = json!(["rooms:1", "1", "rooms:1", "relay", relay]);
        attacker.push(&relay).unwrap();
    }
    let last = json!(["rooms:1", "2", "rooms:1", "say", {}]);
    attacker.push(&last).unwrap();
    let heard = std::iter::from_fn(|| match member.receive().unwrap() {
        Value::Array(frame) if frame[3] == "said" => None,
        frame => frame[3].as_str().map(str::to_owned),
    });
    heard.collect()
}

fn events_of_the_protocol(runtime: Runtime) {
    let server = Server::start(runtime);
    let mut innocent = Innocent::connect(&server);
    let names = [
        "phx_close",
        "phx_error",
        "phx_reply",
        "phx_join",
        "phx_leave",
        "phx_",
    ];
    let heard = relayed(&server, &names.map(str::to_owned));
    assert!(heard.is_empty(), "{heard:?}");
    innocent.is_answered(10);
}

/// Names that are one of the protocol's but for a change or two. All that do not begin as those do are heard.
fn any_names(runtime: Runtime) {
    let seed = fastrand::u64(..);
    println!("seed {seed}");
    let mut rng = Rng::with_seed(seed);
    let names: Vec<_> = (0..500).map(|_| name(&mut rng)).collect();
    let server = Server::start(runtime);
    let mut innocent = Innocent::connect(&server);
    let expected = names.iter().filter(|name| !name.starts_with("phx_"));
    assert_eq!(
        relayed(&server, &names),
        expected.cloned().collect::<Vec<_>>()
    );
    innocent.is_answered(10);
}

fn name(rng: &mut Rng) -> String {
    const OTHERS: [char; 8] = ['P', '_', '\0', ' ', 'x', '\u{200b}', 'ö', ':'];
    let names = ["phx_close", "phx_error", "phx_reply"];
    let mut name: Vec<char> = names[rng.usize(..names.len())].chars().collect();
    for _ in 0..rng.u8(..3) {
        let at = rng.usize(..name.len().min(6));
        match rng.u8(..3) {
            0 => _ = name.remove(at),
            1 => name.insert(at, OTHERS[rng.usize(..OTHERS.len())]),
            _ => name[at] = OTHERS[rng.usize(..OTHERS.len())],
        }
    }
    name.into_iter().collect()
}
