//! The server as its clients and the kernel see it.

use crate::{options::Runtime, server::Stats};
use std::{
    env, fmt, fs,
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
    process::{Child, ChildStdout, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

/// How often something is looked at that nobody tells.
const GLANCE: Duration = Duration::from_millis(20);
/// How long the end of all connections may take, and that of the server.
const PATIENCE: Duration = Duration::from_secs(20);

/// A running server, killed when dropped.
pub(crate) struct Process {
    child: Child,
    /// Kept, for the server writes a line when it shuts down, and fails if it cannot.
    _output: BufReader<ChildStdout>,
    pub(crate) address: SocketAddr,
}

/// Kilobytes of memory.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Memory {
    pub(crate) now: u64,
    pub(crate) peak: u64,
}

impl Process {
    pub(crate) fn start(runtime: Runtime) -> Self {
        let mut child = Command::new(env::current_exe().unwrap())
            .args(["serve", runtime.name()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut address = String::new();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        output.read_line(&mut address).unwrap();
        let address = address.trim().parse().unwrap();
        Self {
            child,
            _output: output,
            address,
        }
    }

    pub(crate) fn stats(&self) -> Stats {
        let mut stream = TcpStream::connect(self.address).unwrap();
        stream
            .write_all(b"GET / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")
            .unwrap();
        let mut response = String::new();
        stream.read_to_string(&mut response).unwrap();
        let (_, body) = response.split_once("\r\n\r\n").unwrap();
        serde_json::from_str(body).unwrap()
    }

    /// What the kernel says, where there is a Linux to ask.
    pub(crate) fn memory(&self) -> Option<Memory> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let field = |name| {
            let line = status.lines().find_map(|line| line.strip_prefix(name))?;
            line.trim().strip_suffix(" kB")?.parse().ok()
        };
        Some(Memory {
            now: field("VmRSS:")?,
            peak: field("VmHWM:")?,
        })
    }

    /// Waits until nothing of the clients is left, and says what is if it stays.
    pub(crate) fn forget_clients(&self) -> Result<Stats, String> {
        let started = Instant::now();
        loop {
            let stats = self.stats();
            if stats.connected() == 0 && stats.topics == 0 {
                return Ok(stats);
            }
            if started.elapsed() > PATIENCE {
                return Err(format!("something of the clients is left: {stats:?}"));
            }
            thread::sleep(GLANCE);
        }
    }

    /// Asks the server to end, as an operator does.
    pub(crate) fn terminate(mut self) -> Result<(), String> {
        let id = self.child.id().to_string();
        let asked = Command::new("kill").args(["-TERM", &id]).status().unwrap();
        assert!(asked.success());
        let started = Instant::now();
        while self.child.try_wait().unwrap().is_none() {
            if started.elapsed() > PATIENCE {
                return Err("it does not end on SIGTERM".to_owned());
            }
            thread::sleep(GLANCE);
        }
        Ok(())
    }
}

impl fmt::Display for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} kB (at most {} kB)", self.now, self.peak)
    }
}

/// A line about memory, where it is known.
pub(crate) fn print_memory(when: &str, memory: Option<Memory>) {
    if let Some(memory) = memory {
        println!("  memory {when}: {memory}");
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Memory that grows from one crowd of clients to the next is lost. Some of it is what allocators keep,
/// which is why a quarter and a few megabytes are nothing.
pub(crate) fn growth(before: Option<Memory>, after: Option<Memory>) -> Option<String> {
    let (before, after) = (before?.now, after?.now);
    (after > before + before / 4 + 4096)
        .then(|| format!("memory has grown from {before} kB to {after} kB"))
}
