//! Frames that nobody should send.

use crate::{
    actors::Stage,
    client::{Client, Gone, Served},
    hostile,
    options::{Options, Runtime},
    process::{Process, growth, print_memory},
    tally::Tally,
};
use fastrand::Rng;
use serde_json::json;
use std::{
    io::Write,
    sync::atomic::Ordering::Relaxed,
    thread,
    time::{Duration, Instant},
};
use tungstenite::Message;

const SENDERS: u64 = 50;
const BYSTANDERS: u64 = 10;

/// Valid ones, to be spoilt. Where one of them is still understood, it does not meddle with what its
/// client does otherwise: neither the topic nor the references are those of anybody else.
const FRAMES: &[&[u8]] = &[
    br#"["garbage1","garbage1","rounds:garbage","phx_join",{}]"#,
    br#"["garbage1","garbage2","rounds:garbage","echo",{"text":"\u00e9\ud83d","list":[-2.5e3,null]}]"#,
    br#"[null,"garbage3","phoenix","heartbeat",{}]"#,
    br#"["garbage1","garbage4","rounds:garbage","phx_leave",{}]"#,
    br#"{"topic":"rounds:garbage","event":"phx_join","payload":{},"ref":"garbage5"}"#,
    b"\x00\x08\x08\x0e\x04garbage1garbage6rounds:garbageecho\x00\xff",
];

/// Many connections that send little but garbage, and some members who should not notice.
pub(crate) fn run(options: &Options, runtime: Runtime) -> Vec<String> {
    let process = Process::start(runtime);
    let tally = Tally::default();
    let mut faults = Vec::new();
    let mut memory = vec![process.memory()];
    print_memory("at the start", memory[0]);
    // Twice, for the first time everything is new to the server.
    for round in 0..2 {
        send_all(options, &process, &tally, round);
        faults.extend(process.forget_clients().err());
        memory.push(process.memory());
        print_memory("when all have gone", process.memory());
    }
    tally.print();
    faults.extend(growth(memory[0], memory[2]));
    faults.extend(growth(memory[1], memory[2]));
    faults.extend(tally.take_faults());
    faults.extend(process.terminate().err());
    faults
}

/// Sends half of it.
fn send_all(options: &Options, process: &Process, tally: &Tally, round: u64) {
    let until = tally.garbage.load(Relaxed) + options.garbage / 2;
    thread::scope(|scope| {
        for number in 0..SENDERS {
            let mut rng = Rng::with_seed(options.seed ^ (round << 32 | number));
            scope.spawn(move || {
                let stage = stage(process, tally);
                while tally.garbage.load(Relaxed) < until {
                    // It may be thrown out, and comes back.
                    let _ = pester(process, tally, &mut rng, until);
                    let _ = hostile::act(&stage, &mut rng);
                }
            });
        }
        for number in 0..BYSTANDERS {
            let mut rng = Rng::with_seed(options.seed ^ (round << 32 | (SENDERS + number)));
            scope.spawn(move || {
                let stage = stage(process, tally);
                while tally.garbage.load(Relaxed) < until {
                    stage.behave(&mut rng);
                }
            });
        }
    });
}

fn stage<'a>(process: &Process, tally: &'a Tally) -> Stage<'a> {
    Stage {
        address: process.address,
        tally,
        end: Instant::now() + Duration::from_hours(1),
    }
}

/// Keeps just within what is allowed in a row, mostly.
fn pester(process: &Process, tally: &Tally, rng: &mut Rng, until: u64) -> Served<()> {
    let mut client = Client::connect(process.address, tally);
    while tally.garbage.load(Relaxed) < until {
        let in_a_row = if rng.u8(..50) == 0 { 20 } else { 9 };
        for _ in 0..in_a_row {
            send(&mut client, tally, rng)?;
        }
        client.call("phoenix", "heartbeat", &json!({}))?;
    }
    client.close();
    Ok(())
}

/// Sends one frame of garbage, or what is not even a frame.
pub(crate) fn send(client: &mut Client<'_>, tally: &Tally, rng: &mut Rng) -> Served<()> {
    tally.garbage.fetch_add(1, Relaxed);
    match rng.u8(..100) {
        0 => {
            // The server may take all that follows for a part of this: there is no talking any more.
            let _ = client.stream().write_all(&noise(rng));
            Err(Gone(None))
        }
        1..40 => client.send_raw(Message::binary(noise(rng))),
        40..60 => client.send_raw(text(&noise(rng))),
        60..70 => client.send_raw(Message::binary(spoilt(rng))),
        _ => client.send_raw(text(&spoilt(rng))),
    }
}

fn text(bytes: &[u8]) -> Message {
    Message::text(String::from_utf8_lossy(bytes).into_owned())
}

fn noise(rng: &mut Rng) -> Vec<u8> {
    let length = 1 << rng.u8(..10);
    (0..length).map(|_| rng.u8(..)).collect()
}

/// A valid frame with some bytes changed, added, removed or doubled.
fn spoilt(rng: &mut Rng) -> Vec<u8> {
    let mut frame = FRAMES[rng.usize(..FRAMES.len())].to_vec();
    for _ in 0..rng.usize(1..4) {
        let at = rng.usize(..frame.len());
        match rng.u8(..4) {
            0 => frame[at] = rng.u8(..),
            1 => frame.insert(at, rng.u8(..)),
            2 if frame.len() > 1 => drop(frame.remove(at)),
            _ => frame.extend_from_within(at..),
        }
    }
    frame
}
