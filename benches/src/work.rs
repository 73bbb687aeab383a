//! What is done to a server, and what is measured meanwhile.

use crate::{
    load::{Load, Tally, Traffic},
    process::Process,
    rounds::{Figure, Measured, precise},
    servers::Server,
    shape::{Shape, Work},
};
use std::{error::Error, io, time::Duration};

/// What is done at the beginning of a turn before anything is measured, as a part of the turn.
const WARM_UP: u32 = 10;

/// After so long a server is given no more, in all turns of a round together.
const LIMIT: Duration = Duration::from_secs(6);

/// Of a request, in bytes.
const PAYLOAD: usize = 64;

/// A server that is ready for its turns, with all of its clients.
pub(crate) struct Contender {
    process: Process,
    load: Load,
    shape: Shape,
}

impl Contender {
    pub(crate) fn prepare(shape: &Shape, server: Server) -> Result<Self, Box<dyn Error>> {
        let process = Process::start(server)?;
        let limit = LIMIT / shape.turns;
        let mut load = Load::new(process.address, server.dialect(), limit)?;
        match shape.work {
            Work::FanOut(fan_out) => {
                for topic in 0..fan_out.topics {
                    load.connect(
                        &format!("rooms:{topic}"),
                        fan_out.members,
                        fan_out.publishers,
                    )?;
                }
                load.connect("rooms:elsewhere", fan_out.others, 0)?;
            }
            Work::Request { connections, .. } => load.connect("rooms:lobby", connections, 0)?,
            // To connect is all that there is to measure.
            Work::Idle { .. } => {}
        }
        Ok(Self {
            process,
            load,
            shape: *shape,
        })
    }

    /// Does what a turn is of the work.
    pub(crate) fn take_turn(&mut self) -> Result<Measured, Box<dyn Error>> {
        let Self {
            process,
            load,
            shape,
        } = self;
        match shape.work {
            Work::FanOut(work) => {
                let publishers = work.topics * work.publishers;
                let part = |of: u32| Traffic {
                    messages: work.messages.div_ceil(publishers * of),
                    in_flight: work.in_flight,
                    payload: work.payload,
                };
                load.publish(part(shape.turns * WARM_UP))?;
                measure(process, || load.publish(part(shape.turns)))
            }
            Work::Request { requests, .. } => {
                load.request(requests.div_ceil(shape.turns * WARM_UP), PAYLOAD)?;
                let requests = requests.div_ceil(shape.turns);
                measure(process, || load.request(requests, PAYLOAD))
            }
            Work::Idle { connections } => connect_idle(connections, process, load),
        }
    }
}

fn connect_idle(
    connections: u32,
    process: &Process,
    load: &mut Load,
) -> Result<Measured, Box<dyn Error>> {
    let before = process.memory()?;
    for number in 0..connections {
        load.connect(&format!("rooms:{number}"), 1, 0)?;
    }
    let grown = process.settled_memory()?.saturating_sub(before);
    let memory = precise(grown) / f64::from(connections);
    Ok(Measured::new([(Figure::Memory, memory)]))
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
