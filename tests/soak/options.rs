//! The command line.

use lexopt::{
    Arg::{Long, Short, Value},
    Parser, ValueExt,
};
use std::time::Duration;

pub(crate) const HELP: &str = "\
Tries a server with clients that come and go, misbehave and break, on smol and on tokio.

  --seconds N   how long clients come and go on each runtime (60)
  --clients N   how many of them there are at a time (300)
  --garbage N   how many frames of garbage are sent (200000)
  --rounds N    how many broadcasts measure what a client that does not read costs the others (200)
  --seed N      the random choices of an earlier run
";

#[derive(Debug)]
pub(crate) enum Command {
    Help,
    Serve(Runtime),
    Soak(Options),
}

#[derive(Debug)]
pub(crate) struct Options {
    pub(crate) time: Duration,
    pub(crate) clients: u64,
    pub(crate) garbage: u64,
    pub(crate) rounds: usize,
    pub(crate) seed: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Runtime {
    Smol,
    Tokio,
}

impl Runtime {
    pub(crate) const ALL: [Self; 2] = [Self::Smol, Self::Tokio];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Smol => "smol",
            Self::Tokio => "tokio",
        }
    }
}

pub(crate) fn parse(mut arguments: Parser) -> Result<Command, lexopt::Error> {
    let mut options = Options {
        time: Duration::from_mins(1),
        clients: 300,
        garbage: 200_000,
        rounds: 200,
        seed: fastrand::u64(..),
    };
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("seconds") => options.time = Duration::from_secs(arguments.value()?.parse()?),
            Long("clients") => options.clients = arguments.value()?.parse()?,
            Long("garbage") => options.garbage = arguments.value()?.parse()?,
            Long("rounds") => options.rounds = arguments.value()?.parse()?,
            Long("seed") => options.seed = arguments.value()?.parse()?,
            Long("help") | Short('h') => return Ok(Command::Help),
            Value(verb) if verb == "serve" => {
                let name = arguments.value()?.string()?;
                let runtime = Runtime::ALL.into_iter().find(|own| own.name() == name);
                let runtime = runtime.ok_or_else(|| format!("there is no runtime `{name}`"))?;
                return Ok(Command::Serve(runtime));
            }
            other => return Err(other.unexpected()),
        }
    }
    Ok(Command::Soak(options))
}
