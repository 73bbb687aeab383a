//! Tables in Markdown.

use crate::{
    rounds::{Figure, Results},
    servers::Server,
    shape::Shape,
};
use std::fmt::Write;

/// Shapes that are read together.
struct Group {
    title: &'static str,
    shapes: &'static [&'static str],
    columns: &'static [(&'static str, Figure)],
    has_losses: bool,
}

const TRAFFIC: &[(&str, Figure)] = &[
    ("CPU", Figure::Cpu),
    ("rate", Figure::Rate),
    ("p50", Figure::Median),
    ("p99", Figure::Slowest),
];

const GROUPS: [Group; 5] = [
    Group {
        title: "Fan-out",
        shapes: &["a", "s", "b", "c", "g"],
        columns: TRAFFIC,
        has_losses: true,
    },
    Group {
        title: "Idle connections",
        shapes: &["d"],
        columns: &[("memory", Figure::Memory)],
        has_losses: false,
    },
    Group {
        title: "Request and reply",
        shapes: &["e"],
        columns: TRAFFIC,
        has_losses: true,
    },
    Group {
        title: "Payloads",
        shapes: &["a", "f1", "f16"],
        columns: TRAFFIC,
        has_losses: true,
    },
    Group {
        title: "How the cost grows",
        shapes: &["h100", "a", "h10000", "h100+9900"],
        columns: TRAFFIC,
        has_losses: true,
    },
];

/// The floor in units, all others as multiples of it.
pub(super) fn tables(results: &Results) -> String {
    let tables = GROUPS.iter().filter_map(|group| group.table(results));
    tables.collect::<Vec<_>>().join("\n")
}

impl Group {
    /// `None` if none of its shapes has run.
    fn table(&self, results: &Results) -> Option<String> {
        let is_mine = |shape: &&Shape| self.shapes.contains(&shape.name);
        let mut shapes: Vec<_> = results.shapes.iter().filter(is_mine).collect();
        shapes.sort_by_key(|shape| self.shapes.iter().position(|name| *name == shape.name));
        let mut table = format!("### {}\n\n| work | server |", self.title);
        for (title, _) in self.columns {
            let _ = write!(table, " {title} |");
        }
        table += if self.has_losses { " lost |\n" } else { "\n" };
        table += "|---|---|";
        table += &"--:|".repeat(self.columns.len() + usize::from(self.has_losses));
        table += "\n";
        for shape in &shapes {
            self.rows(&mut table, results, shape);
        }
        (!shapes.is_empty()).then_some(table)
    }

    fn rows(&self, table: &mut String, results: &Results, shape: &Shape) {
        let mut about = format!("({}) {}", shape.name, shape.about);
        for &server in &results.servers {
            if results.has(shape.name, server) {
                let cells = self.cells(results, shape.name, server).join(" | ");
                let _ = writeln!(table, "| {about} | {} | {cells} |", server.name());
                about.clear();
            }
        }
    }

    fn cells(&self, results: &Results, shape: &'static str, server: Server) -> Vec<String> {
        let figures = self.columns.iter();
        let mut cells: Vec<_> = match results.failure(shape, server) {
            Some(_) => figures.map(|_| "failed".to_owned()).collect(),
            None => figures
                .map(|(_, figure)| cell(results, shape, server, *figure))
                .collect(),
        };
        if self.has_losses {
            cells.push(results.lost(shape, server).to_string());
        }
        cells
    }
}

fn cell(results: &Results, shape: &'static str, server: Server, figure: Figure) -> String {
    let absolute = results
        .median(shape, server, figure)
        .map(|value| with_unit(figure, value));
    let ratio = results.ratio(shape, server, Server::Floor, figure);
    match (absolute, ratio) {
        (None, _) => String::new(),
        (Some(absolute), Some(ratio)) if server != Server::Floor => match figure {
            // What a kilobyte is needs no comparison.
            Figure::Memory => format!("{absolute} ({ratio:.1}x)"),
            _ => format!("{ratio:.2}x"),
        },
        (Some(absolute), _) => absolute,
    }
}

fn with_unit(figure: Figure, value: f64) -> String {
    match figure {
        Figure::Cpu => format!("{:.2} µs", value * 1e6),
        Figure::Rate => format!("{:.0} k/s", value / 1e3),
        Figure::Median | Figure::Slowest => format!("{:.2} ms", value * 1e3),
        Figure::Memory => format!("{:.1} KB", value / 1e3),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{rounds::tests::results, servers::Runtime};

    #[test]
    fn others_are_multiples_of_the_floor() {
        let ours = Server::Ours(Runtime::Tokio);
        let table = tables(&results(&[(Server::Floor, &[2e-6]), (ours, &[3e-6])]));
        assert!(table.contains(
            "| (a) 1 topic of 1,000 members, 1 message in flight | floor | 2.00 µs | 0 k/s | 0.00 ms | 0.00 ms | 0 |\n\
             |  | ours-tokio | 1.50x | 1.50x | 1.50x | 1.50x | 0 |\n"
        ), "{table}");
        assert!(
            table.contains("| work | server | memory |\n|---|---|--:|\n"),
            "{table}"
        );
    }

    #[test]
    fn without_a_floor_there_are_units() {
        let table = tables(&results(&[(Server::Socketioxide, &[2e-6])]));
        assert!(table.contains("| socketioxide | 2.00 µs |"), "{table}");
    }

    #[test]
    fn what_has_not_run_is_not_there() {
        assert!(!tables(&results(&[(Server::Floor, &[1.0])])).contains("ours"));
    }
}
