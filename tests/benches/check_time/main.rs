//! What `#[channel]` costs whoever compiles it: `cargo check` of a crate with 200 handlers, declared,
//! beside a crate with the same 200 handlers behind a `ChannelHandler` that was written by hand.
//!
//! Each crate is touched and checked anew in turn; a third one without handlers shows what cargo and the
//! dependencies cost by themselves. Prints ratios; nothing here fails because a machine is slow.

#![allow(
    clippy::unwrap_used,
    reason = "a benchmark that panics says that it does not work"
)]

mod source;

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

const CRATES: [&str; 3] = ["empty", "by_hand", "declared"];

fn main() {
    if !env::args().any(|argument| argument == "--bench") {
        println!("to check two crates takes a while: `cargo bench --bench check_time` does it");
        return;
    }
    let workspace = workspace();
    for name in CRATES {
        check(&workspace, name);
    }
    let [mut empty, mut by_hand, mut declared] = [const { Vec::new() }; 3];
    for _ in 0..5 {
        empty.push(check(&workspace, "empty"));
        by_hand.push(check(&workspace, "by_hand"));
        declared.push(check(&workspace, "declared"));
    }
    let [empty, by_hand, declared] = [empty, by_hand, declared].map(median);
    let lines = source::lines();
    println!("cargo check of 200 handlers in 10 channels");
    println!("  no handler                 {empty:5.2} s");
    println!(
        "  written by hand            {by_hand:5.2} s  {:5} lines",
        lines.by_hand
    );
    println!(
        "  declared with #[channel]   {declared:5.2} s  {:5} lines",
        lines.declared
    );
    println!(
        "  ratio to the hand-written crate: {:.2}",
        declared / by_hand
    );
    let handlers = (declared - empty) / (by_hand - empty);
    println!("  ratio without what an empty crate costs: {handlers:.2}");
}

/// A workspace of the three crates, which depends on the library as it is here.
fn workspace() -> PathBuf {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    let repository = tests.parent().unwrap();
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("check_time");
    fs::create_dir_all(&folder).unwrap();
    let members =
        "[workspace]\nresolver = \"3\"\nmembers = [\"empty\", \"by_hand\", \"declared\"]\n";
    fs::write(folder.join("Cargo.toml"), members).unwrap();
    // The same versions, so that nothing has to be looked up.
    fs::copy(repository.join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();
    for name in CRATES {
        let sources = folder.join(name).join("src");
        fs::create_dir_all(&sources).unwrap();
        let manifest = format!(
            "[package]\nname = \"{name}\"\nedition = \"2024\"\n\n[dependencies]\n\
             phx-channels = {{ path = '{}' }}\nserde = {{ version = \"1\", features = [\"derive\"] }}\n",
            repository.join("channels").display()
        );
        fs::write(folder.join(name).join("Cargo.toml"), manifest).unwrap();
        fs::write(sources.join("lib.rs"), source::of(name)).unwrap();
    }
    folder
}

/// Checks a crate from its source on, and tells how long it took.
fn check(workspace: &Path, name: &str) -> Duration {
    let source = workspace.join(name).join("src/lib.rs");
    fs::write(&source, source::of(name)).unwrap();
    let mut cargo = Command::new(env!("CARGO"));
    cargo
        .args(["check", "--quiet", "--offline", "--package", name])
        .current_dir(workspace)
        .env("CARGO_TARGET_DIR", workspace.join("target"))
        .env("CARGO_INCREMENTAL", "0");
    let start = Instant::now();
    let status = cargo.status().unwrap();
    assert!(status.success(), "`{name}` does not compile");
    start.elapsed()
}

fn median(mut times: Vec<Duration>) -> f64 {
    times.sort();
    times[times.len() / 2].as_secs_f64()
}
