//! Clients that mean harm. Each attack runs against a server in a process of its own, on smol and on tokio, with an
//! innocent client beside it whose answers are counted: what an attacker can do to others is the measure, and what the
//! server keeps for it.
//!
//! A new attack goes into the file of its kind, and into the list of that file. `cargo test -p phx-channels-tests
//! --test adversary NAME` runs those whose name contains `NAME`.

#![allow(
    clippy::unwrap_used,
    reason = "a test that panics has failed, which is what it is for"
)]
mod answers;
mod app;
mod attacker;
mod bystanders;
mod costly;
mod descriptors;
mod floods;
mod frame;
mod innocent;
mod kept;
mod logged;
mod logs;
mod longpoll;
mod longpoll_search;
mod polling;
mod random;
mod rates;
mod raw_frames;
mod reserved;
mod runtime;
mod serve;
mod server;
mod settings;
mod slow_readers;
mod tasks;
mod vanished;

use libtest_mimic::{Arguments, Trial};
use runtime::Runtime;
use std::{env, process::ExitCode};

/// An attack, by the name of its test.
pub(crate) type Attack = (&'static str, fn(Runtime));

/// All of them, by kind.
const ATTACKS: &[(&str, &[Attack])] = &[
    ("answers", answers::ATTACKS),
    ("bystanders", bystanders::ATTACKS),
    ("costly", costly::ATTACKS),
    ("descriptors", descriptors::ATTACKS),
    ("floods", floods::ATTACKS),
    ("kept", kept::ATTACKS),
    ("logs", logs::ATTACKS),
    ("longpoll", longpoll::ATTACKS),
    ("longpoll_search", longpoll_search::ATTACKS),
    ("rates", rates::ATTACKS),
    ("raw_frames", raw_frames::ATTACKS),
    ("reserved", reserved::ATTACKS),
    ("slow_readers", slow_readers::ATTACKS),
    ("tasks", tasks::ATTACKS),
    ("vanished", vanished::ATTACKS),
];

fn main() -> ExitCode {
    if let Some((runtime, settings)) = serve::asked(env::args()) {
        serve::serve(runtime, &settings);
        return ExitCode::SUCCESS;
    }
    let mut arguments = Arguments::from_args();
    // Most attacks wait for some time-out, and each of them takes all cores when it does not.
    arguments.test_threads.get_or_insert(2);
    libtest_mimic::run(&arguments, trials()).exit_code()
}

fn trials() -> Vec<Trial> {
    let mut trials = Vec::new();
    for (kind, attacks) in ATTACKS {
        for (name, attack) in *attacks {
            for runtime in Runtime::ALL {
                let name = format!("{kind}::{name}_on_{}", runtime.name());
                trials.push(Trial::test(name, move || {
                    attack(runtime);
                    Ok(())
                }));
            }
        }
    }
    trials
}
