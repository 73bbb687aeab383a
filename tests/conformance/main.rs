//! The scenarios that were recorded from a running Phoenix, played against the `conformance` example on
//! real sockets, on smol and on tokio.

#![allow(
    clippy::unwrap_used,
    reason = "a test that panics has failed, which is what it is for"
)]

#[path = "../../examples/conformance/app/mod.rs"]
mod app;
mod client;
mod http;
mod pattern;
mod player;
mod report;
mod scenario;

use app::Settings;
use futures_lite::future::block_on;
use report::{Report, Section, Verdict};
use std::{
    collections::HashMap,
    io::{Write, stdout},
    net::SocketAddr,
    sync::atomic::{AtomicUsize, Ordering::Relaxed},
    thread,
    time::Duration,
};
use trillium_router::Router;
use trillium_testing::ServerHandle;

/// Scenarios that play at once.
const PLAYERS: usize = 8;

/// The timeouts that some scenarios wait for.
fn hasty() -> Settings {
    Settings {
        idle_timeout: Some(Duration::from_millis(1_500)),
        long_poll_window: Some(Duration::from_secs(1)),
        ..patient()
    }
}

fn patient() -> Settings {
    Settings {
        max_message_size: Some(200_000),
        ..Settings::default()
    }
}

/// The same application twice.
struct Servers {
    hasty: ServerHandle,
    patient: ServerHandle,
}

impl Servers {
    fn start(spawn: impl Fn(Router) -> ServerHandle) -> Self {
        Self {
            hasty: spawn(app::mounts(hasty())),
            patient: spawn(app::mounts(patient())),
        }
    }

    fn stop(self) {
        self.hasty.shut_down().block();
        self.patient.shut_down().block();
    }
}

fn address(server: &ServerHandle) -> SocketAddr {
    *block_on(server.info()).tcp_socket_addr().unwrap()
}

#[test]
fn recorded_scenarios_on_smol() {
    let servers = Servers::start(|app| {
        let server = trillium_smol::config().without_signals();
        server.with_host("127.0.0.1").with_port(0).spawn(app)
    });
    play_all("smol", &servers);
    servers.stop();
}

#[test]
fn recorded_scenarios_on_tokio() {
    let servers = Servers::start(|app| {
        let server = trillium_tokio::config().without_signals();
        server.with_host("127.0.0.1").with_port(0).spawn(app)
    });
    play_all("tokio", &servers);
    servers.stop();
}

/// Plays every scenario, and says how that went: in a table, and in a line that is seen without asking.
fn play_all(runtime: &str, servers: &Servers) {
    let sections = Section::all();
    let verdicts = play_side_by_side(&sections, servers);
    let report = Report::new(runtime, &sections, &verdicts);
    println!("{}", report.table);
    // Not by `println!`, which is shown of tests that fail only.
    stdout().write_all(report.summary.as_bytes()).unwrap();
    assert!(
        report.failures.is_empty(),
        "on {runtime}:\n{}",
        report.failures
    );
}

/// What has become of each scenario, by its id.
fn play_side_by_side<'a>(sections: &'a [Section], servers: &Servers) -> HashMap<&'a str, Verdict> {
    let (hasty, patient) = (address(&servers.hasty), address(&servers.patient));
    let scenarios: Vec<_> = sections
        .iter()
        .flat_map(|section| &section.scenarios)
        .collect();
    let (scenarios, ours) = (&scenarios, &scenario::ours());
    let next = &AtomicUsize::new(0);
    thread::scope(|scope| {
        let players = [(); PLAYERS].map(|()| {
            scope.spawn(move || {
                let mut verdicts = Vec::new();
                while let Some(scenario) = scenarios.get(next.fetch_add(1, Relaxed)) {
                    let ours = ours.iter().find(|ours| ours.id == scenario.id);
                    let address = if scenario.needs_haste() {
                        hasty
                    } else {
                        patient
                    };
                    verdicts.push((&*scenario.id, Verdict::on(scenario, ours, address)));
                }
                verdicts
            })
        });
        let verdicts = players
            .into_iter()
            .flat_map(|player| player.join().unwrap());
        verdicts.collect()
    })
}
