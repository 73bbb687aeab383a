//! The attacked server, as the test that has started it sees it.

use crate::{
    runtime::Runtime,
    serve::{Command, State},
    settings::Settings,
};
use std::{
    env, fs,
    io::{BufRead, BufReader, Write},
    net::SocketAddr,
    process::{self, Child, ChildStdin, ChildStdout, ExitStatus, Stdio},
    sync::Mutex,
    thread,
    time::{Duration, Instant},
};

/// How long anything may take before a test says that it does not happen. No test is faster for it.
pub(crate) const PATIENCE: Duration = Duration::from_mins(1);

/// How often something is looked at that nobody tells.
const GLANCE: Duration = Duration::from_millis(5);

/// A running server, killed when dropped.
pub(crate) struct Server {
    child: Child,
    pub(crate) address: SocketAddr,
    /// Its standard input and output.
    line: Mutex<(ChildStdin, BufReader<ChildStdout>)>,
}

impl Server {
    /// With the defaults.
    pub(crate) fn start(runtime: Runtime) -> Self {
        Self::start_with(runtime, &Settings::default())
    }

    pub(crate) fn start_with(runtime: Runtime, settings: &Settings) -> Self {
        let settings = serde_json::to_string(settings).unwrap();
        let mut child = process::Command::new(env::current_exe().unwrap())
            .args(["serve", runtime.name(), &settings])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let mut address = String::new();
        output.read_line(&mut address).unwrap();
        Self {
            address: address.trim().parse().unwrap(),
            line: Mutex::new((child.stdin.take().unwrap(), output)),
            child,
        }
    }

    fn tell(&self, command: Command) -> State {
        let (input, output) = &mut *self.line.lock().unwrap();
        writeln!(input, "{}", serde_json::to_string(&command).unwrap()).unwrap();
        let mut answer = String::new();
        output.read_line(&mut answer).unwrap();
        serde_json::from_str(&answer).unwrap()
    }

    pub(crate) fn state(&self) -> State {
        self.tell(Command::State)
    }

    /// How much of the processor it has had so far, where that can be known.
    pub(crate) fn cpu(&self) -> Duration {
        /// Of what the system counts in.
        const HUNDREDTH: Duration = Duration::from_millis(10);
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.child.id()));
        let stat = stat.unwrap_or_default();
        // Behind the name of the program: its time and that of the system for it.
        let fields = stat.rsplit(')').next().unwrap_or_default();
        let times = fields.split_whitespace().skip(11).take(2);
        times
            .map(|ticks| HUNDREDTH * ticks.parse().unwrap_or(0))
            .sum()
    }

    pub(crate) fn forget_peak(&self) -> State {
        self.tell(Command::ForgetPeak)
    }

    pub(crate) fn open_gate(&self) {
        self.tell(Command::OpenGate);
    }

    /// Waits until the server is like this.
    pub(crate) fn wait_until(&self, what: &str, is_so: impl Fn(&State) -> bool) -> State {
        let started = Instant::now();
        loop {
            let state = self.state();
            if is_so(&state) {
                return state;
            }
            assert!(started.elapsed() < PATIENCE, "never {what}: {state:?}");
            thread::sleep(GLANCE);
        }
    }

    /// Waits until all clients are gone, and fails if their memory is not.
    pub(crate) fn forgets_clients(&self, before: State) {
        self.wait_until("without clients", |state| {
            state.connections == 0 && state.members == 0
        });
        // What a runtime and the allocator's callers keep at hand: buffers of threads, tables that have grown.
        let most = before.memory + before.memory / 4 + 1024 * 1024;
        self.wait_until("back in memory", |state| state.memory <= most);
    }

    /// Leaves it so many files and sockets.
    pub(crate) fn limit_descriptors(&self, most: u32) {
        let limit = format!("--nofile={most}:{most}");
        let id = self.child.id().to_string();
        let set = process::Command::new("prlimit")
            .args(["--pid", &id, &limit])
            .status();
        assert!(set.unwrap().success());
    }

    /// Ends it as an operator does.
    pub(crate) fn terminate(mut self) -> ExitStatus {
        let id = self.child.id().to_string();
        let asked = process::Command::new("kill").args(["-TERM", &id]).status();
        assert!(asked.unwrap().success());
        let started = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(started.elapsed() < PATIENCE, "it does not end on SIGTERM");
            thread::sleep(GLANCE);
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
