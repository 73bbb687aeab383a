//! A server in a process of its own and hundreds of clients on real sockets, for as long as one likes:
//! those that behave, and those that crash handlers, flood, stop reading, send garbage or vanish. At the
//! end nobody has missed anything without being told, and nothing of the clients is left.
//!
//! `cargo run --release -p phx-channels-tests --example soak -- --help`

#![allow(
    clippy::unwrap_used,
    reason = "a test that panics has failed, which is what it is for"
)]

mod actors;
mod churn;
mod client;
mod garbage;
mod hearing;
mod hostile;
mod options;
mod process;
mod server;
mod stalled;
mod tally;

use options::{Command, HELP, Options, Runtime};
use std::process::ExitCode;

fn main() -> ExitCode {
    match options::parse(lexopt::Parser::from_env()) {
        Ok(Command::Help) => {
            print!("{HELP}");
            ExitCode::SUCCESS
        }
        Ok(Command::Serve(runtime)) => {
            server::serve(runtime);
            ExitCode::SUCCESS
        }
        Ok(Command::Soak(options)) => soak(&options),
        Err(error) => {
            eprintln!("soak: {error}");
            ExitCode::FAILURE
        }
    }
}

fn soak(options: &Options) -> ExitCode {
    println!("seed {}", options.seed);
    let (mut passed, mut failed) = (0, 0);
    for runtime in Runtime::ALL {
        for (name, shape) in [
            ("churn", churn::run as fn(&Options, Runtime) -> Vec<String>),
            ("garbage", garbage::run),
            ("stalled", stalled::run),
        ] {
            println!("{name} on {}", runtime.name());
            let faults = shape(options, runtime);
            for fault in &faults {
                println!("  FAULT: {fault}");
            }
            if faults.is_empty() {
                passed += 1;
            } else {
                failed += 1;
            }
        }
    }
    println!("soak: {passed} runs passed, {failed} failed");
    if failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
