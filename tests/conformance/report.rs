//! What has become of the scenarios.

use crate::{
    player::{self, Outcome},
    scenario::{self, Scenario},
};
use std::{
    collections::{HashMap, HashSet},
    fmt::Write,
    net::SocketAddr,
    panic, process,
};

/// The scenarios of one file.
pub(crate) struct Section {
    name: String,
    pub(crate) scenarios: Vec<Scenario>,
}

#[derive(Debug)]
pub(crate) enum Verdict {
    /// The server does what Phoenix did.
    Passed,
    /// It does something else, which no client depends on and which is written down in `ours.json`.
    Ours,
    Failed(String),
}

pub(crate) struct Report {
    pub(crate) table: String,
    pub(crate) summary: String,
    pub(crate) failures: String,
}

impl Section {
    pub(crate) fn all() -> Vec<Self> {
        let files = scenario::recorded().into_iter();
        files
            .map(|(name, scenarios)| Self { name, scenarios })
            .collect()
    }
}

impl Verdict {
    /// Plays a scenario, and what we do instead if there is such a thing.
    pub(crate) fn on(scenario: &Scenario, ours: Option<&Scenario>, address: SocketAddr) -> Self {
        let recorded = play(scenario, address, "");
        let Some(ours) = ours else {
            return recorded.map_or_else(Self::Failed, |()| Self::Passed);
        };
        if recorded.is_ok() {
            return Self::Failed("    passes, and is no longer one of ours\n".into());
        }
        play(ours, address, "-ours").map_or_else(Self::Failed, |()| Self::Ours)
    }
}

/// A scenario that panics, say because the server is gone, has failed like any other.
fn play(scenario: &Scenario, address: SocketAddr, suffix: &str) -> Outcome {
    let uid = format!("{}-{}{suffix}", process::id(), scenario.id);
    panic::catch_unwind(|| player::play(scenario, address, &uid)).unwrap_or_else(|panic| {
        let message = panic.downcast_ref::<String>();
        Err(format!("    panicked: {message:?}\n"))
    })
}

impl Report {
    pub(crate) fn new(
        runtime: &str,
        sections: &[Section],
        verdicts: &HashMap<&str, Verdict>,
    ) -> Self {
        let mut table = format!("conformance on {runtime:5}        passed  ours  failed\n");
        let (mut failures, mut total) = (String::new(), [0; 3]);
        for Section { name, scenarios } in sections {
            let mut counts = [0; 3];
            for scenario in scenarios {
                let column = match &verdicts[&*scenario.id] {
                    Verdict::Passed => 0,
                    Verdict::Ours => 1,
                    Verdict::Failed(why) => {
                        let Scenario { id, statement, .. } = scenario;
                        writeln!(failures, "{id} {statement}\n{}", why.trim_end()).unwrap();
                        2
                    }
                };
                counts[column] += 1;
                total[column] += 1;
            }
            let [passed, ours, failed] = counts;
            writeln!(table, "  {name:24} {passed:8} {ours:5} {failed:7}").unwrap();
        }
        let [passed, ours, failed] = total;
        Self {
            table,
            summary: format!(
                "conformance on {runtime}: {passed} passed, {ours} ours, {failed} failed\n"
            ),
            failures,
        }
    }
}

#[test]
fn each_of_ours_is_about_a_recorded_scenario_that_leaves_it_to_us() {
    let sections = Section::all();
    let recorded: Vec<_> = sections
        .iter()
        .flat_map(|section| &section.scenarios)
        .collect();
    let ids: HashSet<_> = recorded.iter().map(|scenario| &scenario.id).collect();
    assert_eq!(ids.len(), recorded.len(), "an id occurs twice");
    for ours in scenario::ours() {
        let scenario = recorded.iter().find(|scenario| scenario.id == ours.id);
        assert!(
            scenario.is_some_and(|scenario| scenario.ours_to_decide),
            "{}",
            ours.id
        );
    }
}
