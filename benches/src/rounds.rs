//! Rounds, in each of which all servers take their turns, and what comes out of them.

use crate::{options::Comparison, servers::Server, shape::Shape, work::Contender};
use std::collections::{BTreeMap, HashMap};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Figure {
    /// User and system time of the server for a delivery, in seconds.
    Cpu,
    /// Deliveries in a second.
    Rate,
    /// Seconds that half of the fan-outs, or requests, needed at most.
    Median,
    /// The same of 99 of 100.
    Slowest,
    /// Resident bytes of a connection.
    Memory,
}

/// What one run of a shape on a server has measured.
#[derive(Clone, Debug, Default)]
pub(crate) struct Measured {
    figures: BTreeMap<Figure, f64>,
    /// Deliveries that there should have been.
    pub(crate) expected: u64,
    pub(crate) lost: u64,
    pub(crate) disordered: u64,
}

impl Measured {
    pub(crate) fn new<const N: usize>(figures: [(Figure, f64); N]) -> Self {
        Self {
            figures: figures.into(),
            ..Self::default()
        }
    }
}

/// What was measured, or why nothing was.
type Outcome = Result<Measured, String>;

#[derive(Debug)]
pub(crate) struct Results {
    pub(crate) shapes: Vec<Shape>,
    pub(crate) servers: Vec<Server>,
    pub(crate) rounds: u32,
    /// One for each turn, those of one round after the other.
    outcomes: HashMap<(&'static str, Server), Vec<Outcome>>,
}

/// A round gives each shape to all servers, in several short turns each: whatever else the machine does changes within
/// seconds, and so hits all servers alike.
pub(crate) fn run(comparison: &Comparison) -> Results {
    let mut results = Results {
        shapes: comparison.shapes.clone(),
        servers: comparison.servers.clone(),
        rounds: comparison.rounds,
        outcomes: HashMap::new(),
    };
    for round in 1..=comparison.rounds {
        for shape in &comparison.shapes {
            let servers = comparison.servers.iter().copied();
            let servers: Vec<_> = servers.filter(|server| shape.is_for(*server)).collect();
            let together = if shape.alone { 1 } else { servers.len() };
            for servers in servers.chunks(together) {
                let names: Vec<_> = servers.iter().map(|server| server.name()).collect();
                eprintln!("round {round}: ({}) on {}", shape.name, names.join(", "));
                results.compete(shape, servers);
            }
        }
    }
    results
}

impl Results {
    /// Gives servers their turns at a shape. Who comes first changes, for each leaves the caches to the next one.
    fn compete(&mut self, shape: &Shape, servers: &[Server]) {
        let contenders = servers.iter().map(|server| {
            let contender = Contender::prepare(shape, *server);
            (*server, contender.map_err(|error| error.to_string()))
        });
        let mut contenders: Vec<_> = contenders.collect();
        for _ in 0..shape.turns {
            for (server, contender) in &mut contenders {
                // One that has failed has no further turns, but a place in each.
                let outcome = match contender {
                    Ok(ready) => ready.take_turn().map_err(|error| error.to_string()),
                    Err(error) => Err(error.clone()),
                };
                if let Err(error) = &outcome {
                    *contender = Err(error.clone());
                }
                self.add(shape.name, *server, outcome);
            }
            contenders.rotate_left(1);
        }
    }

    fn add(&mut self, shape: &'static str, server: Server, outcome: Outcome) {
        self.outcomes
            .entry((shape, server))
            .or_default()
            .push(outcome);
    }

    /// How many shapes have run on how many servers, in all rounds together.
    pub(crate) fn count(&self) -> usize {
        self.outcomes.len() * self.rounds as usize
    }

    fn outcomes(&self, shape: &'static str, server: Server) -> &[Outcome] {
        self.outcomes
            .get(&(shape, server))
            .map_or(&[], Vec::as_slice)
    }

    pub(crate) fn has(&self, shape: &'static str, server: Server) -> bool {
        !self.outcomes(shape, server).is_empty()
    }

    /// Why a server could not do the work, in one turn at least.
    pub(crate) fn failure(&self, shape: &'static str, server: Server) -> Option<&str> {
        let mut outcomes = self.outcomes(shape, server).iter();
        outcomes.find_map(|outcome| outcome.as_ref().err().map(String::as_str))
    }

    /// Of all deliveries in all rounds together.
    pub(crate) fn lost(&self, shape: &'static str, server: Server) -> u64 {
        self.sum(shape, server, |measured| measured.lost)
    }

    /// Of all deliveries in all rounds together.
    pub(crate) fn disordered(&self, shape: &'static str, server: Server) -> u64 {
        self.sum(shape, server, |measured| measured.disordered)
    }

    /// What part of all deliveries is lost.
    pub(crate) fn lost_share(&self, shape: &'static str, server: Server) -> f64 {
        let expected = self.sum(shape, server, |measured| measured.expected);
        precise(self.lost(shape, server)) / precise(expected.max(1))
    }

    fn sum(&self, shape: &'static str, server: Server, number: fn(&Measured) -> u64) -> u64 {
        let measured = self.outcomes(shape, server).iter().flatten();
        measured.map(number).sum()
    }

    /// By turn.
    fn figures(&self, shape: &'static str, server: Server, figure: Figure) -> Vec<Option<f64>> {
        let outcomes = self.outcomes(shape, server).iter();
        let measured = outcomes.map(|outcome| outcome.as_ref().ok());
        measured
            .map(|measured| measured?.figures.get(&figure).copied())
            .collect()
    }

    /// The median over the turns of all rounds.
    pub(crate) fn median(
        &self,
        shape: &'static str,
        server: Server,
        figure: Figure,
    ) -> Option<f64> {
        median(
            self.figures(shape, server, figure)
                .into_iter()
                .flatten()
                .collect(),
        )
    }

    /// The median of what the figure is as a multiple of that of another server in the same turn.
    pub(crate) fn ratio(
        &self,
        shape: &'static str,
        server: Server,
        base: Server,
        figure: Figure,
    ) -> Option<f64> {
        let base = self.figures(shape, base, figure);
        let turns = self.figures(shape, server, figure).into_iter().zip(base);
        median(
            turns
                .filter_map(|(figure, base)| Some(figure? / base?))
                .collect(),
        )
    }

    /// What must not be: that one of those failed, lost messages or brought them in another order, who are trusted
    /// not to.
    pub(crate) fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        for &(shape, server) in self
            .outcomes
            .keys()
            .filter(|(_, server)| server.is_reliable())
        {
            let place = format!("({shape}) on {}", server.name());
            faults.extend(
                self.failure(shape, server)
                    .map(|why| format!("{place}: {why}")),
            );
            let (lost, disordered) = (self.lost(shape, server), self.disordered(shape, server));
            if (lost, disordered) != (0, 0) {
                faults.push(format!("{place}: {lost} lost, {disordered} out of order"));
            }
        }
        faults.sort();
        faults
    }
}

#[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
pub(crate) fn precise(number: u64) -> f64 {
    number as f64
}

fn median(mut figures: Vec<f64>) -> Option<f64> {
    figures.sort_unstable_by(f64::total_cmp);
    let middle = figures.len() / 2;
    match figures.len() {
        0 => None,
        length if length % 2 == 0 => Some(f64::midpoint(figures[middle - 1], figures[middle])),
        _ => Some(figures[middle]),
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::{servers::Runtime, shape::SHAPES};

    /// Results in which each server has the same figures in all shapes, those of one round after the other.
    pub(crate) fn results(cpu: &[(Server, &[f64])]) -> Results {
        let mut results = Results {
            shapes: SHAPES.to_vec(),
            servers: cpu.iter().map(|(server, _)| *server).collect(),
            rounds: 3,
            outcomes: HashMap::new(),
        };
        for shape in &SHAPES {
            for (server, rounds) in cpu.iter().filter(|(server, _)| shape.is_for(*server)) {
                for &figure in *rounds {
                    let figures = [
                        Figure::Cpu,
                        Figure::Rate,
                        Figure::Median,
                        Figure::Slowest,
                        Figure::Memory,
                    ];
                    let measured = Measured::new(figures.map(|name| (name, figure)));
                    results.add(shape.name, *server, Ok(measured));
                }
            }
        }
        results
    }

    const OURS: Server = Server::Ours(Runtime::Smol);

    #[test]
    fn medians() {
        assert_eq!(median(vec![3.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(median(vec![4.0, 1.0]), Some(2.5));
        assert_eq!(median(vec![]), None);
    }

    #[test]
    fn a_ratio_is_that_of_the_same_round() {
        let results = results(&[
            (Server::Floor, &[1.0, 10.0, 2.0]),
            (OURS, &[2.0, 10.0, 6.0]),
        ]);
        assert_eq!(
            results.ratio("a", OURS, Server::Floor, Figure::Cpu),
            Some(2.0)
        );
    }

    #[test]
    fn a_failed_round_has_no_ratio() {
        let mut results = results(&[(Server::Floor, &[1.0, 1.0]), (OURS, &[3.0])]);
        results.add("a", OURS, Err("no answer".to_owned()));
        assert_eq!(
            results.ratio("a", OURS, Server::Floor, Figure::Cpu),
            Some(3.0)
        );
        assert_eq!(results.failure("a", OURS), Some("no answer"));
        assert_eq!(results.faults(), ["(a) on ours-smol: no answer"]);
    }

    #[test]
    fn only_the_reliable_are_at_fault() {
        let mut results = results(&[]);
        for server in [Server::TrilliumChannels, OURS] {
            let lossy = Measured {
                lost: 7,
                ..Measured::default()
            };
            results.add("b", server, Ok(lossy));
        }
        assert_eq!(
            results.faults(),
            ["(b) on ours-smol: 7 lost, 0 out of order"]
        );
    }
}
