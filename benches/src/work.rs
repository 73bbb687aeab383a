//! What is done to a server, and what is measured meanwhile.

use crate::{
    load::{Load, Tally, Traffic},
    process::Process,
    rounds::{Figure, Measured, precise},
    servers::Server,
    shape::{FanOut, Shape, Work},
};
use std::{error::Error, io};

/// Traffic before anything is measured, as a part of what is.
const WARM_UP: u32 = 10;

/// Of a request, in bytes.
const PAYLOAD: usize = 64;

pub(crate) fn run(shape: &Shape, server: Server) -> Result<Measured, Box<dyn Error>> {
    let process = Process::start(server)?;
    let load = Load::new(process.address, server.dialect())?;
    match shape.work {
        Work::FanOut(fan_out) => run_fan_out(fan_out, &process, load),
        Work::Idle { connections } => run_idle(connections, &process, load),
        Work::Request {
            connections,
            requests,
        } => run_requests(connections, requests, &process, load),
    }
}

fn run_fan_out(
    work: FanOut,
    process: &Process,
    mut load: Load,
) -> Result<Measured, Box<dyn Error>> {
    for topic in 0..work.topics {
        load.connect(&format!("rooms:{topic}"), work.members, work.publishers)?;
    }
    load.connect("rooms:elsewhere", work.others, 0)?;
    let traffic = Traffic {
        messages: work.messages.div_ceil(work.topics * work.publishers),
        in_flight: work.in_flight,
        payload: work.payload,
    };
    load.publish(Traffic {
        messages: traffic.messages.div_ceil(WARM_UP),
        ..traffic
    })?;
    measure(process, || load.publish(traffic))
}

fn run_idle(
    connections: u32,
    process: &Process,
    mut load: Load,
) -> Result<Measured, Box<dyn Error>> {
    let before = process.memory()?;
    for number in 0..connections {
        load.connect(&format!("rooms:{number}"), 1, 0)?;
    }
    let grown = process.settled_memory()?.saturating_sub(before);
    let memory = precise(grown) / f64::from(connections);
    Ok(Measured::new([(Figure::Memory, memory)]))
}

fn run_requests(
    connections: u32,
    requests: u32,
    process: &Process,
    mut load: Load,
) -> Result<Measured, Box<dyn Error>> {
    load.connect("rooms:lobby", connections, 0)?;
    load.request(requests.div_ceil(WARM_UP), PAYLOAD)?;
    measure(process, || load.request(requests, PAYLOAD))
}

fn measure(
    process: &Process,
    work: impl FnOnce() -> io::Result<Tally>,
) -> Result<Measured, Box<dyn Error>> {
    let before = process.cpu()?;
    let mut tally = work()?;
    let cpu = process.cpu()?.saturating_sub(before);
    let delivered = precise(tally.delivered.max(1));
    let mut measured = Measured::new([
        (Figure::Cpu, cpu.as_secs_f64() / delivered),
        (Figure::Rate, delivered / tally.elapsed.as_secs_f64()),
        (Figure::Median, tally.quantile(50).as_secs_f64()),
        (Figure::Slowest, tally.quantile(99).as_secs_f64()),
    ]);
    measured.expected = tally.expected;
    measured.lost = tally.lost();
    measured.disordered = tally.disordered;
    Ok(measured)
}
