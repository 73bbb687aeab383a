//! A search for what a client that polls can make a server keep: requests of all kinds at random, whole and half, read
//! and not, given up and waited for.

use crate::{
    Attack,
    innocent::Innocent,
    polling::{Asked, Session},
    runtime::Runtime,
    server::Server,
    settings::Settings,
};
use fastrand::Rng;
use serde_json::json;
use std::{fmt::Write, iter, time::Duration};

pub(crate) const ATTACKS: &[Attack] = &[("requests_at_random", requests_at_random)];

const MIB: usize = 1024 * 1024;
const BUDGET: usize = 4 * MIB;
/// What is there besides while a body grows, and while a message is handled and its answer made, in each of two threads.
const AT_WORK: usize = 3 * MIB;
/// What a TCP connection with a request costs.
const REQUEST: usize = 48 * 1024;
/// Requests that are under way at once.
const HELD: usize = 40;
/// The same with those that were given up, as far as the server does not know.
const REQUESTS: usize = 2 * HELD;

fn requests_at_random(runtime: Runtime) {
    let settings = Settings {
        long_poll_window: Some(Duration::from_secs(1)),
        ..Settings::default()
    };
    let server = Server::start_with(runtime, &settings);
    for seed in iter::repeat_with(|| fastrand::u64(..)).take(6) {
        attack(&server, seed);
    }
}

fn attack(server: &Server, seed: u64) {
    let mut requests = Requests(Rng::with_seed(seed));
    let at_first = server.state();
    let mut innocent = Innocent::connect(server);
    let before = server.forget_peak().memory;
    let session = Session::joined(server, "rooms:1");
    let mut held = Vec::new();
    for _ in 0..200 {
        if let Some(request) = requests.make(&session) {
            held.push(request);
        }
        if held.len() > HELD || requests.0.u8(..8) == 0 && !held.is_empty() {
            let request = held.swap_remove(requests.0.usize(..held.len()));
            if requests.0.bool() {
                // Refused, taken or too late, but not left alone: what is half has a time to come.
                drop(request);
            }
        }
        if requests.0.u8(..20) == 0 {
            server.open_gate();
        }
        innocent.is_answered(2);
    }
    let kept = server.state().peak.saturating_sub(before);
    let most = BUDGET + AT_WORK + REQUESTS * REQUEST;
    println!("seed {seed}: {kept} bytes kept");
    assert!(kept <= most, "{kept} bytes kept, {most} are to be the most");
    drop(held);
    drop(innocent);
    server.wait_until("without clients", |state| {
        server.open_gate();
        state.connections == 0
    });
    server.forgets_clients(at_first);
}

/// What a client may ask for.
struct Requests(Rng);

impl Requests {
    /// A request, unless it is given up at once.
    fn make(&mut self, session: &Session) -> Option<Asked> {
        let asked = match self.0.u8(..10) {
            0..3 => session.poll(),
            3 => session.ask("GET", b"x", 100),
            4 => session.ask("PUT", b"x", self.0.usize(..9 * MIB)),
            5 => session.batch(&self.batch()),
            6 => {
                let body = self.event();
                let length = body.len() + self.0.usize(..4 * MIB);
                session.ask("POST", body.as_bytes(), length)
            }
            _ => session.post(self.event().as_bytes()),
        };
        (self.0.u8(..4) > 0).then_some(asked)
    }

    /// Small as a rule, but often enough as large as can be.
    fn size(&mut self) -> usize {
        let bits = self.0.u32(0..=20);
        self.0.usize(0..=1_usize << bits)
    }

    fn event(&mut self) -> String {
        let event = if self.0.bool() { "slow" } else { "echo" };
        let filler = "x".repeat(self.size());
        json!(["rooms:1", "1", "rooms:1", event, filler]).to_string()
    }

    fn batch(&mut self) -> String {
        let mut lines = String::new();
        for _ in 0..self.0.usize(..120) {
            let line = match self.0.u8(..8) {
                0 => String::new(),
                1 => "A".repeat(self.size() / 4 * 4 / 16),
                2 => "no frame".into(),
                _ if lines.len() > 4 * MIB => String::new(),
                _ => self.event(),
            };
            writeln!(lines, "{line}").unwrap();
        }
        lines
    }
}
