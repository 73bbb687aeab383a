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
mod scenario;

use app::Settings;
use futures_lite::future::block_on;
use scenario::Scenario;
use std::{
    fs,
    net::SocketAddr,
    path::Path,
    process,
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    thread,
    time::Duration,
};
use trillium_testing::ServerHandle;

/// Scenarios that play at once.
const PLAYERS: usize = 8;

/// Where this server does something else than Phoenix, which no client depends on, and the test that shows
/// what.
const OURS: [(&str, &str); 10] = [
    ("ENC-8h", "enc_8h_a_name_that_is_too_long"),
    ("ENC-13", "c_5_a_frame_that_does_not_decode_is_dropped"),
    (
        "ENC-18a",
        "enc_18_a_client_of_version_1_gets_nothing_binary",
    ),
    ("ENC-19", "p_2_what_is_not_an_object_is_not_sent"),
    ("D-6", "c_5_a_frame_that_does_not_decode_is_dropped"),
    ("J-7c", "a_new_instance_has_a_new_state"),
    (
        "LP-6",
        "h_4_a_busy_handler_delays_no_heartbeat_and_no_other_topic",
    ),
    ("M-12", "m_12_an_event_that_nobody_takes"),
    ("M-12c", "m_12_an_event_that_nobody_takes"),
    ("P-6", "p_6_sending_in_a_join_waits_for_the_reply"),
];

/// The scenarios of one file.
struct Section {
    name: String,
    scenarios: Vec<Scenario>,
}

fn sections() -> Vec<Section> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("conformance/scenarios");
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().path())
        .collect();
    files.sort();
    files
        .iter()
        .map(|file| Section {
            name: file.file_stem().unwrap().to_str().unwrap().to_owned(),
            scenarios: serde_json::from_str(&fs::read_to_string(file).unwrap())
                .unwrap_or_else(|error| panic!("{}: {error}", file.display())),
        })
        .collect()
}

#[test]
fn our_decisions_are_tested() {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders = ["protocol", "language"].map(|folder| fs::read_dir(tests.join(folder)).unwrap());
    let sources: String = folders
        .into_iter()
        .flatten()
        .map(|file| fs::read_to_string(file.unwrap().path()).unwrap())
        .collect();
    for (id, test) in OURS {
        assert!(sources.contains(&format!("fn {test}()")), "{id}: {test}");
    }
}

fn settings() -> Settings {
    Settings {
        idle_timeout: Some(Duration::from_millis(1_500)),
        long_poll_window: Some(Duration::from_secs(1)),
        max_message_size: Some(200_000),
    }
}

#[test]
fn recorded_scenarios_on_smol() {
    let server = trillium_smol::config().without_signals();
    let server = server
        .with_host("127.0.0.1")
        .with_port(0)
        .spawn(app::mounts(settings()));
    play_all("smol", &server);
    server.shut_down().block();
}

#[test]
fn recorded_scenarios_on_tokio() {
    let server = trillium_tokio::config().without_signals();
    let server = server
        .with_host("127.0.0.1")
        .with_port(0)
        .spawn(app::mounts(settings()));
    play_all("tokio", &server);
    server.shut_down().block();
}

fn play_all(runtime: &str, server: &ServerHandle) {
    let address = *block_on(server.info()).tcp_socket_addr().unwrap();
    let sections = sections();
    let scenarios: Vec<_> = sections
        .iter()
        .flat_map(|section| &section.scenarios)
        .collect();
    let wrong = play_side_by_side(&scenarios, address);

    println!("conformance on {runtime:5}        passed  ours  failed");
    let mut failures = Vec::new();
    for section in &sections {
        let (mut passed, mut ours, mut failed) = (0, 0, 0);
        for scenario in &section.scenarios {
            let why = wrong.iter().find(|(id, _)| *id == scenario.id);
            let is_ours = OURS.iter().any(|(id, _)| *id == scenario.id);
            match (why, is_ours && scenario.ours_to_decide) {
                (None, false) => passed += 1,
                (Some(_), true) => ours += 1,
                (None, true) => {
                    failed += 1;
                    failures.push(format!("{} is no longer ours\n", scenario.id));
                }
                (Some((id, why)), false) => {
                    failed += 1;
                    failures.push(format!("{id} {}\n{why}", scenario.statement));
                }
            }
        }
        println!("  {:24} {passed:8} {ours:5} {failed:7}", section.name);
    }
    assert!(failures.is_empty(), "on {runtime}:\n{}", failures.concat());
}

/// The scenarios that went wrong, and why.
fn play_side_by_side(scenarios: &[&Scenario], address: SocketAddr) -> Vec<(String, String)> {
    let next = AtomicUsize::new(0);
    let wrong = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..PLAYERS {
            scope.spawn(|| {
                while let Some(scenario) = scenarios.get(next.fetch_add(1, Relaxed)) {
                    let uid = format!("{}-{}", process::id(), scenario.id);
                    if let Err(why) = player::play(scenario, address, &uid) {
                        wrong.lock().unwrap().push((scenario.id.clone(), why));
                    }
                }
            });
        }
    });
    wrong.into_inner().unwrap()
}
