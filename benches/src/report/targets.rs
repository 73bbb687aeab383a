//! What is to be reached, and what has been.

use crate::{
    rounds::{Figure, Results, precise},
    servers::{Runtime, Server},
};
use std::fmt::Write;

const RUNTIMES: [Runtime; 2] = [Runtime::Smol, Runtime::Tokio];
const PEERS: [Server; 2] = [Server::Socketioxide, Server::TrilliumChannels];

struct Target {
    what: String,
    reached: Option<f64>,
    goal: f64,
}

pub(super) fn targets(results: &Results) -> String {
    let mut table = "### Targets\n\n| | reached | at most | |\n|---|--:|--:|---|\n".to_owned();
    let targets = [fan_outs, ahead, memory, replies, growth, losses];
    for target in targets.iter().flat_map(|targets| targets(results)) {
        let Target {
            what,
            reached,
            goal,
        } = target;
        let verdict = match reached {
            Some(reached) if reached <= goal => "pass",
            Some(_) => "miss",
            None => "not measured",
        };
        let reached = reached.map_or_else(String::new, |reached| format!("{reached:.2}"));
        let _ = writeln!(table, "| {what} | {reached} | {goal} | {verdict} |");
    }
    table
}

/// CPU for a delivery, as a multiple of the floor.
fn fan_outs(results: &Results) -> Vec<Target> {
    let goals = [
        ("a", Runtime::Smol, 1.3),
        ("a", Runtime::Tokio, 1.1),
        ("s", Runtime::Smol, 1.3),
        ("s", Runtime::Tokio, 1.1),
        ("b", Runtime::Smol, 0.35),
        ("b", Runtime::Tokio, 0.35),
        ("c", Runtime::Smol, 0.9),
        ("c", Runtime::Tokio, 0.9),
    ];
    let targets = goals.map(|(shape, runtime, goal)| {
        let ours = Server::Ours(runtime);
        Target {
            what: format!("({shape}) CPU / floor, {}", ours.name()),
            reached: results.ratio(shape, ours, Server::Floor, Figure::Cpu),
            goal,
        }
    });
    targets.into()
}

/// The worst that we do beside a peer, in any of the work that it could do at all.
fn ahead(results: &Results) -> Vec<Target> {
    const SHAPES: [&str; 8] = ["a", "s", "b", "c", "e", "f1", "f16", "g"];
    let pairs = RUNTIMES
        .iter()
        .flat_map(|runtime| PEERS.map(|peer| (Server::Ours(*runtime), peer)));
    let targets = pairs.map(|(ours, peer)| {
        let ratios = SHAPES.iter().filter_map(|shape| {
            let ratio = results.ratio(shape, ours, peer, Figure::Cpu)?;
            Some((ratio, *shape))
        });
        let worst = ratios.max_by(|(one, _), (other, _)| one.total_cmp(other));
        Target {
            what: format!(
                "({}) the worst CPU / {}, {}",
                worst.map_or("a-g", |(_, shape)| shape),
                peer.name(),
                ours.name()
            ),
            reached: worst.map(|(ratio, _)| ratio),
            goal: 1.0,
        }
    });
    targets.collect()
}

fn memory(results: &Results) -> Vec<Target> {
    let targets = RUNTIMES.iter().flat_map(|runtime| {
        let ours = Server::Ours(*runtime);
        let memory = results.median("d", ours, Figure::Memory);
        let mut targets = vec![Target {
            what: format!("(d) KB for an idle connection, {}", ours.name()),
            reached: memory.map(|bytes| bytes / 1e3),
            goal: 9.0,
        }];
        targets.extend(PEERS.map(|peer| Target {
            what: format!("(d) memory / {}, {}", peer.name(), ours.name()),
            reached: results.ratio("d", ours, peer, Figure::Memory),
            goal: 1.0,
        }));
        targets
    });
    targets.collect()
}

fn replies(results: &Results) -> Vec<Target> {
    let targets = RUNTIMES.map(|runtime| {
        let (ours, echo) = (Server::Ours(runtime), Server::Echo(runtime));
        Target {
            what: format!("(e) CPU / {}, {}", echo.name(), ours.name()),
            reached: results.ratio("e", ours, echo, Figure::Cpu),
            goal: 1.15,
        }
    });
    targets.into()
}

/// How the ratio to the floor changes with members, and with connections that are none.
fn growth(results: &Results) -> Vec<Target> {
    let goals = [("h10000", 1.2), ("h100+9900", 1.05)];
    let targets = RUNTIMES.iter().flat_map(|runtime| {
        let ours = Server::Ours(*runtime);
        let ratio = move |shape| results.ratio(shape, ours, Server::Floor, Figure::Cpu);
        goals.map(|(shape, goal)| Target {
            what: format!(
                "({shape}) CPU / floor, as a multiple of that in (h100), {}",
                ours.name()
            ),
            reached: ratio(shape)
                .zip(ratio("h100"))
                .map(|(large, small)| large / small),
            goal,
        })
    });
    targets.collect()
}

fn losses(results: &Results) -> Vec<Target> {
    let targets = RUNTIMES.map(|runtime| {
        let ours = Server::Ours(runtime);
        let shapes = || results.shapes.iter().map(|shape| shape.name);
        let lost =
            shapes().map(|shape| results.lost(shape, ours) + results.disordered(shape, ours));
        let is_complete = shapes()
            .all(|shape| results.has(shape, ours) && results.failure(shape, ours).is_none());
        Target {
            what: format!("lost or out of order in all work, {}", ours.name()),
            reached: is_complete.then(|| precise(lost.sum())),
            goal: 0.0,
        }
    });
    targets.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rounds::tests::results;

    #[test]
    fn every_goal_has_a_verdict() {
        let ours = Server::Ours(Runtime::Tokio);
        let table = targets(&results(&[
            (Server::Floor, &[1.0]),
            (ours, &[1.05]),
            (Server::Socketioxide, &[1.3]),
        ]));
        for line in [
            "| (a) CPU / floor, ours-tokio | 1.05 | 1.1 | pass |",
            "| (b) CPU / floor, ours-tokio | 1.05 | 0.35 | miss |",
            "| (a) CPU / floor, ours-smol |  | 1.3 | not measured |",
            "the worst CPU / socketioxide, ours-tokio | 0.81 | 1 | pass |",
            "| lost or out of order in all work, ours-tokio | 0.00 | 0 | pass |",
        ] {
            assert!(table.contains(line), "{line}\n{table}");
        }
    }
}
