//! The tables as a picture.

use crate::{
    rounds::{Figure, Results},
    servers::{Runtime, Server},
};
use svg::{
    Document, Node,
    node::element::{Line, Rectangle, Text},
};

const SERVERS: [(Server, &str, &str); 4] = [
    (
        Server::Ours(Runtime::Tokio),
        "phx-channels on tokio",
        "#d9480f",
    ),
    (
        Server::Ours(Runtime::Smol),
        "phx-channels on smol",
        "#f4a261",
    ),
    (Server::Socketioxide, "socketioxide", "#3b6fb6"),
    (Server::TrilliumChannels, "trillium-channels", "#9aa5b1"),
];

/// What is measured in a part of the picture.
struct Panel {
    title: &'static str,
    figure: Figure,
    rows: &'static [Row],
    /// Where the axis ends; a bar that is longer is cut off.
    end: f64,
}

struct Row {
    shape: &'static str,
    label: [&'static str; 2],
}

const PANELS: [Panel; 2] = [
    Panel {
        title: "CPU time of the server for a delivery, as a multiple of the floor (shorter is better)",
        figure: Figure::Cpu,
        rows: &[
            row("a", ["1,000 members,", "1 message in flight"]),
            row("b", ["1,000 members,", "8 messages in flight"]),
            row("c", ["200 topics of 10 members,", "4 in flight each"]),
            row("g", ["1,000 members,", "10 publishers at once"]),
            row("f16", ["1,000 members,", "payloads of 16 KiB"]),
            row("e", ["request and reply,", "500 connections"]),
        ],
        end: 4.0,
    },
    Panel {
        title: "Resident memory of an idle joined connection in KB (shorter is better)",
        figure: Figure::Memory,
        rows: &[row("d", ["10,000 connections", ""])],
        end: 40_000.0,
    },
];

const fn row(shape: &'static str, label: [&'static str; 2]) -> Row {
    Row { shape, label }
}

const WIDTH: f64 = 840.0;
const MARGIN: f64 = 24.0;
/// Where bars begin.
const LEFT: f64 = 200.0;
/// How long the longest bar is; its value stands behind it.
const LENGTH: f64 = 420.0;
const BAR: f64 = 13.0;
const STEP: f64 = 15.0;
const GAP: f64 = 16.0;
const TEXT: &str = "#24292f";

/// What has been drawn so far, from the top.
struct Chart {
    nodes: Vec<Box<dyn Node>>,
    /// Over all else.
    labels: Vec<Text>,
    y: f64,
}

pub(crate) fn chart(results: &Results) -> String {
    let mut chart = Chart {
        nodes: Vec::new(),
        labels: Vec::new(),
        y: MARGIN,
    };
    chart.legend();
    for panel in &PANELS {
        chart.panel(results, panel);
    }
    chart.finish()
}

impl Chart {
    fn legend(&mut self) {
        let mut x = MARGIN;
        for (_, name, colour) in SERVERS {
            self.add(rectangle(x, self.y, BAR).set("fill", colour));
            self.text(x + BAR + 6.0, 0, name);
            x += 200.0;
        }
        self.y += 2.0 * GAP;
    }

    fn panel(&mut self, results: &Results, panel: &Panel) {
        let title = Text::new(panel.title).set("font-weight", "bold");
        self.add(title.set("x", MARGIN).set("y", self.y + BAR));
        self.y += 2.0 * GAP;
        let top = self.y;
        for row in panel.rows {
            self.row(results, panel, row);
        }
        if panel.figure == Figure::Cpu {
            self.floor(top, LEFT + LENGTH / panel.end);
            self.y += GAP;
        }
        self.y += GAP / 2.0;
    }

    fn row(&mut self, results: &Results, panel: &Panel, row: &Row) {
        for (line, label) in (0..).zip(row.label) {
            self.text(MARGIN, line, label);
        }
        for (server, _, colour) in SERVERS {
            let value = match panel.figure {
                Figure::Memory => results.median(row.shape, server, panel.figure),
                _ => results.ratio(row.shape, server, Server::Floor, panel.figure),
            };
            let value = value.filter(|_| results.failure(row.shape, server).is_none());
            let length = value.map_or(0.0, |value| value.min(panel.end) / panel.end * LENGTH);
            self.add(rectangle(LEFT, self.y, length).set("fill", colour));
            if value.is_some_and(|value| value > panel.end) {
                self.cut(LEFT + length - 14.0);
            }
            self.text(
                LEFT + length + 6.0,
                0,
                &label(results, row.shape, server, panel.figure, value),
            );
            self.y += STEP;
        }
        self.y += GAP;
    }

    /// Marks a bar that would be longer.
    fn cut(&mut self, x: f64) {
        let slanted = Line::new()
            .set("x1", x)
            .set("y1", self.y + BAR + 1.0)
            .set("x2", x + 6.0);
        let slanted = slanted.set("y2", self.y - 1.0).set("stroke", "white");
        self.add(slanted.set("stroke-width", 3));
    }

    /// The line behind which a server costs more than the floor.
    fn floor(&mut self, top: f64, x: f64) {
        let line = Line::new().set("x1", x).set("x2", x).set("y1", top);
        let line = line.set("y2", self.y - GAP / 2.0).set("stroke", TEXT);
        self.add(line.set("stroke-dasharray", "3 3"));
        let name = Text::new("floor").set("x", x).set("y", self.y + BAR / 2.0);
        self.add(name.set("text-anchor", "middle"));
    }

    fn text(&mut self, x: f64, line: u8, text: &str) {
        let y = self.y + f64::from(line) * STEP + BAR - 2.0;
        // With a margin, because the line of the floor may be behind it.
        let label = Text::new(text).set("x", x).set("y", y);
        let label = label.set("stroke", "white").set("stroke-width", 3);
        self.labels.push(label.set("paint-order", "stroke"));
    }

    fn add(&mut self, node: impl Into<Box<dyn Node>>) {
        self.nodes.push(node.into());
    }

    /// On white, for it is looked at on dark pages, too.
    fn finish(self) -> String {
        let page = Rectangle::new().set("width", WIDTH).set("height", self.y);
        let document = Document::new()
            .set("viewBox", (0, 0, WIDTH, self.y))
            .set("font-family", "system-ui, sans-serif")
            .set("font-size", 12)
            .set("fill", TEXT)
            .add(page.set("rx", 6).set("fill", "white"));
        let document = self.nodes.into_iter().fold(document, Document::add);
        let document = self.labels.into_iter().fold(document, Document::add);
        format!("{document}\n")
    }
}

fn rectangle(x: f64, y: f64, width: f64) -> Rectangle {
    let rectangle = Rectangle::new().set("x", x).set("y", y);
    rectangle.set("width", width).set("height", BAR)
}

/// What stands behind a bar.
fn label(
    results: &Results,
    shape: &'static str,
    server: Server,
    figure: Figure,
    value: Option<f64>,
) -> String {
    let value = match (value, figure) {
        (None, _) if results.failure(shape, server).is_some() => return "failed".to_owned(),
        (None, _) => return "not measured".to_owned(),
        (Some(bytes), Figure::Memory) => format!("{:.1}", bytes / 1e3),
        (Some(ratio), _) => format!("{ratio:.2}"),
    };
    match results.lost_share(shape, server) {
        0.0 => value,
        lost => format!("{value}, loses {:.1} %", lost * 100.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rounds::tests::results;

    #[test]
    fn bars_have_values() {
        let ours = Server::Ours(Runtime::Tokio);
        let results = results(&[
            (Server::Floor, &[2.0]),
            (ours, &[2.5]),
            (Server::Socketioxide, &[10.0]),
        ]);
        let chart = chart(&results);
        assert_eq!(chart.matches("\n1.25\n").count(), 6, "{chart}");
        assert_eq!(chart.matches("\n5.00\n").count(), 6, "{chart}");
        // One for each of the bars that are longer than the axis.
        assert_eq!(
            chart.matches("<line stroke=\"white\"").count(),
            6,
            "{chart}"
        );
        assert!(chart.contains("not measured"), "{chart}");
    }
}
