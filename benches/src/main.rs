//! Gives the same work to several servers in turn, and prints what each of them needed for it.
//!
//! Servers are processes of their own: this program, started with `serve`.

#![forbid(unsafe_code)]

mod frame;
mod load;
mod options;
mod process;
mod report;
mod rounds;
mod servers;
mod shape;
mod socket;
mod work;

use nix::sys::resource::{Resource, getrlimit, setrlimit};
use options::{Command, Comparison};
use rounds::Results;
use std::{error::Error, fs, process::ExitCode};

#[cfg(feature = "heap-profile")]
#[global_allocator]
static ALLOCATOR: dhat::Alloc = dhat::Alloc;

fn main() -> Result<ExitCode, Box<dyn Error>> {
    match options::parse(lexopt::Parser::from_env())? {
        Command::Help => {
            print!("{}", options::HELP);
            Ok(ExitCode::SUCCESS)
        }
        Command::Serve { server, port } => {
            #[cfg(feature = "heap-profile")]
            let _profiler = dhat::Profiler::new_heap();
            servers::serve(server, port)?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Compare(comparison) => compare(&comparison),
    }
}

fn compare(comparison: &Comparison) -> Result<ExitCode, Box<dyn Error>> {
    // Servers inherit it.
    let (_, most) = getrlimit(Resource::RLIMIT_NOFILE)?;
    setrlimit(Resource::RLIMIT_NOFILE, most, most)?;

    let results = rounds::run(comparison);
    if comparison.smoke {
        return Ok(smoke(&results));
    }
    print!("{}", report::whole(&results));
    if let Some(path) = &comparison.chart {
        fs::write(path, report::chart(&results))
            .map_err(|error| format!("{}: {error}", path.display()))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// What has been measured says nothing, but all that was sent has to arrive.
fn smoke(results: &Results) -> ExitCode {
    let faults = results.faults();
    for fault in &faults {
        println!("{fault}");
    }
    println!("smoke: {} runs of a shape on a server", results.count());
    if faults.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
