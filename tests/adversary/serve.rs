//! The attacked server: a process of its own, so that its memory is its own, which is told what to do by lines on its
//! standard input and answers each with a line.

use crate::{app::Victim, logged, runtime::Runtime, settings::Settings};
use futures_lite::future::block_on;
use peak_alloc::PeakAlloc;
use phx_channels::{Broadcaster, channel};
use serde::{Deserialize, Serialize};
use std::{io, process, sync::atomic::Ordering::Relaxed, thread};
use trillium_router::Router;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// What can be asked of the server.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) enum Command {
    /// How it is.
    State,
    /// To count the most memory from now on.
    ForgetPeak,
    /// To let go all handlers that wait at the gate.
    OpenGate,
}

/// How the server is.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct State {
    /// Bytes that are allocated.
    pub(crate) memory: usize,
    /// The most that ever were, since the start or since it was told to forget.
    pub(crate) peak: usize,
    /// Clients whose `connect` has run.
    pub(crate) connects: u64,
    /// Clients whose `disconnect` has run.
    pub(crate) disconnects: u64,
    pub(crate) joins: u64,
    pub(crate) events: u64,
    /// Connections that have not ended.
    pub(crate) connections: usize,
    /// Members of all topics together.
    pub(crate) members: usize,
    /// Bytes of warnings and errors.
    pub(crate) logged: u64,
}

/// Whether the program was started to be a server.
pub(crate) fn asked(mut arguments: impl Iterator<Item = String>) -> Option<(Runtime, Settings)> {
    if arguments.nth(1)? != "serve" {
        return None;
    }
    let runtime = Runtime::named(&arguments.next()?)?;
    let settings = serde_json::from_str(&arguments.next()?).ok()?;
    Some((runtime, settings))
}

/// Serves until a signal ends it, or until whoever has started it is gone. Says first where it is.
pub(crate) fn serve(runtime: Runtime, settings: &Settings) {
    logged::listen();
    let victim = Victim::default();
    let channel = channel(victim.clone()).with_config(settings.config());
    let broadcaster = channel.broadcaster();
    let router = Router::new()
        .all("/socket/longpoll", channel.long_poll())
        .get("/socket/websocket", channel);
    let handle = runtime.spawn(router);
    let info = block_on(handle.info());
    println!("{}", info.tcp_socket_addr().unwrap());
    thread::spawn(move || obey(&victim, &broadcaster));
    handle.block();
}

fn obey(victim: &Victim, broadcaster: &Broadcaster) {
    for line in io::stdin().lines() {
        match serde_json::from_str(&line.unwrap()).unwrap() {
            Command::State => {}
            Command::ForgetPeak => MEMORY.reset_peak_usage(),
            Command::OpenGate => victim.gate().open(),
        }
        let state = state(victim, broadcaster);
        println!("{}", serde_json::to_string(&state).unwrap());
    }
    process::exit(1);
}

fn state(victim: &Victim, broadcaster: &Broadcaster) -> State {
    let (counts, stats) = (victim.counts(), broadcaster.stats());
    State {
        memory: MEMORY.current_usage(),
        peak: MEMORY.peak_usage(),
        connects: counts.connects.load(Relaxed),
        disconnects: counts.disconnects.load(Relaxed),
        joins: counts.joins.load(Relaxed),
        events: counts.events.load(Relaxed),
        connections: stats.connections,
        members: stats.joined_topics,
        logged: logged::bytes(),
    }
}
