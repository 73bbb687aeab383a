//! Clients of all kinds that come and go, in two crowds: what the first one leaves behind, the second
//! one must not add to.

use crate::{
    actors::Stage,
    options::{Options, Runtime},
    process::{Process, growth, print_memory},
    tally::Tally,
};
use fastrand::Rng;
use std::{thread, time::Instant};

/// Threads of clients need little, and there are many.
const STACK: usize = 512 * 1024;

pub(crate) fn run(options: &Options, runtime: Runtime) -> Vec<String> {
    let process = Process::start(runtime);
    print_memory("at the start", process.memory());
    let tally = Tally::default();
    let mut faults = Vec::new();
    let mut memory = Vec::new();
    for crowd in 0..2 {
        play(options, &process, &tally, crowd);
        match process.forget_clients() {
            Ok(stats) => println!(
                "  {} connections have begun and ended, {} numbers published, {} crashes",
                stats.disconnects, stats.published, stats.crashes
            ),
            Err(fault) => faults.push(fault),
        }
        memory.push(process.memory());
        print_memory("when all have gone", process.memory());
    }
    tally.print();
    faults.extend(growth(memory[0], memory[1]));
    faults.extend(tally.take_faults());
    faults.extend(process.terminate().err());
    faults
}

fn play(options: &Options, process: &Process, tally: &Tally, crowd: u64) {
    let stage = Stage {
        address: process.address,
        tally,
        end: Instant::now() + options.time / 2,
    };
    thread::scope(|scope| {
        for number in 0..options.clients {
            let mut rng = Rng::with_seed(options.seed ^ (crowd << 32 | number));
            let stage = &stage;
            let thread = thread::Builder::new().stack_size(STACK);
            thread
                .spawn_scoped(scope, move || stage.play(&mut rng))
                .unwrap();
        }
    });
}
