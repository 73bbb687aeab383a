//! What has been measured, for people.

mod chart;
mod machine;
mod table;
mod targets;

use crate::rounds::Results;

pub(crate) use chart::chart;

pub(crate) fn whole(results: &Results) -> String {
    format!(
        "{}\n{}\n{}",
        machine::describe(results.rounds),
        table::tables(results),
        targets::targets(results)
    )
}
