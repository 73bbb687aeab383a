//! One client of many that stops reading: what the others feel of it, and what becomes of it.

use crate::{
    client::{Client, Gone},
    options::{Options, Runtime},
    process::Process,
    tally::Tally,
};
use serde_json::json;
use std::{
    mem,
    net::SocketAddr,
    sync::{Barrier, Mutex},
    thread,
    time::{Duration, Instant},
};

const READERS: usize = 8;
const CLIENTS: usize = 1000;
const BYTES: usize = 16 * 1024;
/// More than the kernel's buffers on the way to a client hold, and less than the server's and theirs
/// together, with room for what is measured.
const STALL: usize = 6 * 1024 * 1024;
/// More than all of them hold together.
const FLOOD: usize = 16 * 1024 * 1024;
const PATIENCE: Duration = Duration::from_secs(10);

/// With the client that does not read, and without it.
const TOPICS: [&str; 2] = ["rounds:with", "rounds:without"];

pub(crate) fn run(options: &Options, runtime: Runtime) -> Vec<String> {
    let process = Process::start(runtime);
    let tally = Tally::default();
    let mut stalled = Client::connect(process.address, &tally);
    let _ = stalled.join(TOPICS[0]);
    flood(process.address, &tally, STALL);
    let [with, without] = measure(options, process.address, &tally);
    println!(
        "  broadcasts to {CLIENTS} clients, p99 with one that does not read {with:?}, without {without:?}: {:.2}",
        with.as_secs_f64() / without.as_secs_f64()
    );
    // There is no room for what it does not read, once nobody else hears it.
    flood(process.address, &tally, FLOOD);
    let end = read_to_the_end(&mut stalled);
    let mut faults = Vec::new();
    if end != Some(1013) {
        faults.push(format!("who does not read is closed with {end:?}"));
    }
    drop(stalled);
    tally.print();
    faults.extend(tally.take_faults());
    faults.extend(process.forget_clients().err());
    faults.extend(process.terminate().err());
    faults
}

/// Broadcasts so many bytes to the client that does not read.
fn flood(address: SocketAddr, tally: &Tally, bytes: usize) {
    const MESSAGE: usize = 64 * 1024;
    let mut publisher = Client::connect(address, tally);
    publisher.join(TOPICS[0]).unwrap();
    let payload = json!({"text": "x".repeat(MESSAGE)});
    for _ in 0..bytes / MESSAGE {
        publisher.push(TOPICS[0], "round", &payload).unwrap();
        publisher.receive(PATIENCE).unwrap();
    }
    publisher.close();
}

fn read_to_the_end(client: &mut Client<'_>) -> Option<u16> {
    loop {
        match client.receive(PATIENCE) {
            Ok(Some(_)) => {}
            Ok(None) => return None,
            Err(Gone(code)) => return code,
        }
    }
}

/// The time from a broadcast to when 99 of 100 clients have it: the medians over all broadcasts. The
/// topics take turns, so that whatever else the machine does is done to both.
fn measure(options: &Options, address: SocketAddr, tally: &Tally) -> [Duration; 2] {
    let barrier = Barrier::new(READERS + 1);
    let sent = Mutex::new(Instant::now());
    let times = Mutex::new(Vec::new());
    let mut slowest = [const { Vec::new() }; 2];
    thread::scope(|scope| {
        for _ in 0..READERS {
            scope.spawn(|| {
                let mut clients = connect(address, tally);
                barrier.wait();
                for _ in 0..options.rounds {
                    barrier.wait();
                    let taken = read_all(&mut clients, &sent);
                    times.lock().unwrap().extend(taken);
                    barrier.wait();
                }
            });
        }
        let mut publisher = Client::connect(address, tally);
        for topic in TOPICS {
            publisher.join(topic).unwrap();
        }
        let payload = json!({"text": "x".repeat(BYTES)});
        barrier.wait();
        for round in 0..options.rounds {
            *sent.lock().unwrap() = Instant::now();
            publisher
                .push(TOPICS[round % 2], "round", &payload)
                .unwrap();
            barrier.wait();
            publisher.receive(PATIENCE).unwrap();
            barrier.wait();
            let times = mem::take(&mut *times.lock().unwrap());
            slowest[round % 2].push(percentile(times, 99));
        }
    });
    slowest.map(|times| percentile(times, 50))
}

fn connect(address: SocketAddr, tally: &Tally) -> Vec<Client<'_>> {
    let mut clients = Vec::new();
    for _ in 0..CLIENTS / READERS {
        let mut client = Client::connect(address, tally);
        for topic in TOPICS {
            client.join(topic).unwrap();
        }
        clients.push(client);
    }
    clients
}

fn read_all(clients: &mut [Client<'_>], sent: &Mutex<Instant>) -> Vec<Duration> {
    let sent = *sent.lock().unwrap();
    let times = clients.iter_mut().map(|client| {
        let message = client.receive(PATIENCE).unwrap();
        assert!(message.is_some(), "a broadcast does not arrive");
        sent.elapsed()
    });
    times.collect()
}

fn percentile(mut times: Vec<Duration>, percent: usize) -> Duration {
    times.sort_unstable();
    times[times.len() * percent / 100]
}
