//! The command line.

use crate::{
    servers::Server,
    shape::{SHAPES, Shape},
};
use lexopt::{
    Arg::{Long, Short, Value},
    Parser, ValueExt,
};
use std::path::PathBuf;

pub(crate) const HELP: &str = "\
Gives the same work to several servers in turn, and prints what each of them needed for it.

  --shapes a,f     only shapes whose names begin so
  --servers ours   only servers whose names begin so
  --rounds N       instead of 3
  --chart FILE     where the chart goes; by default to docs/fan-out.svg after a whole run
  --smoke          little work and no figures: does everything arrive, and in order?
";

/// In the repository around this workspace.
const CHART: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/fan-out.svg");

#[derive(Debug)]
pub(crate) enum Command {
    Help,
    Serve { server: Server, port: u16 },
    Compare(Comparison),
}

#[derive(Debug)]
pub(crate) struct Comparison {
    pub(crate) shapes: Vec<Shape>,
    pub(crate) servers: Vec<Server>,
    pub(crate) rounds: u32,
    pub(crate) smoke: bool,
    pub(crate) chart: Option<PathBuf>,
}

pub(crate) fn parse(mut arguments: Parser) -> Result<Command, lexopt::Error> {
    let mut shapes = SHAPES.to_vec();
    let mut servers = Server::ALL.to_vec();
    let mut rounds = None;
    let mut smoke = false;
    let mut chart = None;
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("shapes") => {
                let names = arguments.value()?.string()?;
                shapes = begin_with(&names, &SHAPES, |shape| shape.name)?;
            }
            Long("servers") => {
                let names = arguments.value()?.string()?;
                servers = begin_with(&names, &Server::ALL, |server| server.name())?;
            }
            Long("rounds") => rounds = Some(arguments.value()?.parse()?),
            Long("chart") => chart = Some(arguments.value()?.into()),
            Long("smoke") => smoke = true,
            Long("help") | Short('h') => return Ok(Command::Help),
            Value(word) if word == "serve" => return serve(arguments),
            other => return Err(other.unexpected()),
        }
    }
    let is_whole = shapes.len() == SHAPES.len() && servers.len() == Server::ALL.len();
    if smoke {
        shapes = shapes.into_iter().map(Shape::small).collect();
    }
    Ok(Command::Compare(Comparison {
        shapes,
        servers,
        rounds: rounds.unwrap_or(if smoke { 1 } else { 3 }),
        smoke,
        chart: chart.or_else(|| is_whole.then(|| CHART.into())),
    }))
}

/// `serve SERVER PORT`: how this program starts itself, and how a server is looked at alone.
fn serve(mut arguments: Parser) -> Result<Command, lexopt::Error> {
    let name = arguments.value()?.string()?;
    let server = Server::ALL.into_iter().find(|server| server.name() == name);
    Ok(Command::Serve {
        server: server.ok_or_else(|| format!("no server is called {name}"))?,
        port: arguments.value()?.parse()?,
    })
}

/// Those of `all` whose names begin with one of the words.
fn begin_with<T: Copy>(
    words: &str,
    all: &[T],
    name: impl Fn(&T) -> &'static str,
) -> Result<Vec<T>, String> {
    let words: Vec<_> = words.split(',').collect();
    if let Some(stray) = words
        .iter()
        .find(|word| !all.iter().any(|item| name(item).starts_with(*word)))
    {
        let names: Vec<_> = all.iter().map(name).collect();
        return Err(format!("{stray} is none of {}", names.join(", ")));
    }
    let is_meant = |item: &&T| words.iter().any(|word| name(item).starts_with(word));
    Ok(all.iter().filter(is_meant).copied().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn comparison(arguments: &[&str]) -> Comparison {
        match parse(Parser::from_args(arguments)).unwrap() {
            Command::Compare(comparison) => comparison,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn everything_by_default() {
        let whole = comparison(&[]);
        assert_eq!(whole.shapes.len(), SHAPES.len());
        assert_eq!(whole.rounds, 3);
        assert!(whole.chart.is_some());
    }

    #[test]
    fn a_part_does_not_overwrite_the_chart() {
        let part = comparison(&["--shapes", "f,a", "--servers", "floor,ours"]);
        let names: Vec<_> = part.shapes.iter().map(|shape| shape.name).collect();
        assert_eq!(names, ["a", "f1", "f16"]);
        assert_eq!(part.servers.len(), 3);
        assert_eq!(part.chart, None);
    }

    #[test]
    fn an_unknown_name_is_an_error() {
        let error = parse(Parser::from_args(["--servers", "ours,nginx"])).unwrap_err();
        assert!(
            error.to_string().starts_with("nginx is none of floor,"),
            "{error}"
        );
    }
}
