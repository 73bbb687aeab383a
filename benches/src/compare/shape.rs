//! The work that all servers are given.

use crate::{
    load::{Load, Tally, Traffic},
    server::{Kind, Server},
};
use std::{error::Error, thread, time::Duration};

/// How long a server has to give back what it needed for handshakes, before its memory is read.
const SETTLE: Duration = Duration::from_secs(2);
/// Deliveries before anything is measured, as a part of those that are.
const WARM_UP: u32 = 10;

#[derive(Clone, Copy, Debug)]
pub(crate) struct Shape {
    /// As it is called in the table and on the command line.
    pub(crate) name: &'static str,
    pub(crate) about: &'static str,
    pub(crate) work: Work,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Work {
    FanOut(FanOut),
    /// Connections that join a topic each, and do nothing.
    Idle { connections: u32 },
    /// Connections that ask, and wait for the answer.
    Request { connections: u32, requests: u32 },
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct FanOut {
    topics: u32,
    members: u32,
    publishers: u32,
    in_flight: u32,
    payload: usize,
    /// Connections that are members of another topic.
    others: u32,
    /// What is published by all publishers together.
    messages: u32,
}

const ONE_TOPIC: FanOut =
    FanOut { topics: 1, members: 1000, publishers: 1, in_flight: 1, payload: 64, others: 0, messages: 500 };

pub(crate) const SHAPES: [Shape; 12] = [
    fan_out("a", "1 topic, 1,000 members, 1 message in flight", ONE_TOPIC),
    fan_out("b", "the same, 8 in flight", FanOut { in_flight: 8, messages: 1600, ..ONE_TOPIC }),
    fan_out(
        "c",
        "200 topics of 10 members, 4 in flight each",
        FanOut { topics: 200, members: 10, in_flight: 4, messages: 80_000, ..ONE_TOPIC },
    ),
    Shape { name: "d", about: "10,000 idle joined connections", work: Work::Idle { connections: 10_000 } },
    Shape {
        name: "e",
        about: "request and reply, 500 connections, 1 in flight each",
        work: Work::Request { connections: 500, requests: 600 },
    },
    fan_out("f1", "(a) with 1 KiB", FanOut { payload: 1024, ..ONE_TOPIC }),
    fan_out("f16", "(a) with 16 KiB", FanOut { payload: 16 * 1024, messages: 150, ..ONE_TOPIC }),
    fan_out("g", "10 publishers at once, 1,000 members", FanOut { publishers: 10, messages: 1600, ..ONE_TOPIC }),
    fan_out("h100", "100 members", FanOut { members: 100, messages: 5000, ..ONE_TOPIC }),
    fan_out("h1000", "1,000 members", ONE_TOPIC),
    fan_out("h10000", "10,000 members", FanOut { members: 10_000, messages: 50, ..ONE_TOPIC }),
    fan_out("h100+", "100 members among 10,000 connections", FanOut { members: 100, others: 9_900, messages: 5000, ..ONE_TOPIC }),
];

const fn fan_out(name: &'static str, about: &'static str, work: FanOut) -> Shape {
    Shape { name, about, work: Work::FanOut(work) }
}

/// What one run of a shape has measured.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Measured {
    /// Resident memory of a connection in bytes.
    Memory(f64),
    Traffic {
        /// Nanoseconds of the server for each delivery.
        cpu: f64,
        per_second: f64,
        p50: Duration,
        p99: Duration,
        lost: u64,
        disordered: u64,
    },
}

impl Shape {
    /// The same with so much less to do that it is over at once.
    pub(crate) fn small(self) -> Self {
        let work = match self.work {
            Work::FanOut(fan_out) => Work::FanOut(FanOut {
                members: fan_out.members.min(100),
                others: fan_out.others.min(100),
                messages: fan_out.messages.div_ceil(50).max(20),
                ..fan_out
            }),
            Work::Idle { .. } => Work::Idle { connections: 100 },
            Work::Request { .. } => Work::Request { connections: 20, requests: 100 },
        };
        Self { work, ..self }
    }

    pub(crate) fn run(&self, kind: Kind) -> Result<Measured, Box<dyn Error>> {
        let server = Server::start(kind)?;
        let mut load = Load::new(kind.dialect)?;
        match self.work {
            Work::FanOut(fan_out) => {
                fan_out.connect(&mut load, &server)?;
                let traffic = fan_out.traffic();
                load.publish(Traffic { messages: traffic.messages.div_ceil(WARM_UP), ..traffic })?;
                measure(&server, || load.publish(traffic))
            }
            Work::Idle { connections } => {
                let before = server.memory()?;
                for number in 0..connections {
                    load.connect(server.address, &format!("rooms:{number}"), 1, 0)?;
                }
                thread::sleep(SETTLE);
                let grown = server.memory()?.saturating_sub(before);
                Ok(Measured::Memory(precise(grown) / f64::from(connections)))
            }
            Work::Request { connections, requests } => {
                load.connect(server.address, "rooms:lobby", connections, 0)?;
                load.request(requests.div_ceil(WARM_UP), 64)?;
                measure(&server, || load.request(requests, 64))
            }
        }
    }
}

impl FanOut {
    fn connect(&self, load: &mut Load, server: &Server) -> std::io::Result<()> {
        for topic in 0..self.topics {
            load.connect(server.address, &format!("rooms:{topic}"), self.members, self.publishers)?;
        }
        if self.others > 0 {
            load.connect(server.address, "elsewhere", self.others, 0)?;
        }
        Ok(())
    }

    fn traffic(&self) -> Traffic {
        Traffic {
            messages: self.messages.div_ceil(self.topics * self.publishers),
            in_flight: self.in_flight,
            payload: self.payload,
        }
    }
}

fn measure(server: &Server, work: impl FnOnce() -> std::io::Result<Tally>) -> Result<Measured, Box<dyn Error>> {
    let before = server.cpu()?;
    let mut tally = work()?;
    let cpu = server.cpu()?.saturating_sub(before);
    let delivered = precise(tally.delivered.max(1));
    Ok(Measured::Traffic {
        cpu: cpu.as_secs_f64() * 1e9 / delivered,
        per_second: delivered / tally.elapsed.as_secs_f64(),
        p50: tally.quantile(0.5),
        p99: tally.quantile(0.99),
        lost: tally.lost(),
        disordered: tally.disordered,
    })
}

#[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
fn precise(number: u64) -> f64 {
    number as f64
}
