//! A server in a process of its own, and what the kernel says about that process.

use crate::servers::{HOST, Server};
use nix::{time::ClockId, unistd::Pid};
use std::{
    env,
    error::Error,
    fs, io,
    net::{SocketAddr, TcpListener},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

/// How often something is looked at that nobody tells.
const GLANCE: Duration = Duration::from_millis(5);
/// How long a server may take to listen.
const PATIENCE: Duration = Duration::from_secs(10);
/// Memory that has been the same for this long will stay so.
const SETTLED: Duration = Duration::from_millis(500);
/// And memory that never stays the same is taken as it is then.
const UNSETTLED: Duration = Duration::from_secs(5);

/// A running server, killed when dropped.
pub(crate) struct Process {
    child: Child,
    pub(crate) address: SocketAddr,
}

impl Process {
    /// Starts a server, and waits until it listens.
    pub(crate) fn start(server: Server) -> Result<Self, Box<dyn Error>> {
        let address = free_address()?;
        let child = Command::new(env::current_exe()?)
            .args(["serve", server.name(), &address.port().to_string()])
            .stdout(Stdio::null())
            .spawn()?;
        let mut process = Self { child, address };
        let started = Instant::now();
        while !process.listens()? {
            if let Some(status) = process.child.try_wait()? {
                return Err(format!("ended with {status} before it listened").into());
            }
            if started.elapsed() > PATIENCE {
                return Err("does not listen".into());
            }
            thread::sleep(GLANCE);
        }
        Ok(process)
    }

    /// Looks into the list of the kernel: to connect would make it take a first client, and memory for that.
    fn listens(&self) -> io::Result<bool> {
        const LISTEN: &str = "0A";
        let host = u32::from_ne_bytes(HOST.octets());
        let address = format!("{host:08X}:{:04X}", self.address.port());
        let sockets = fs::read_to_string("/proc/net/tcp")?;
        let mut sockets = sockets.lines().map(str::split_whitespace);
        Ok(sockets.any(|fields| {
            let mut fields = fields.skip(1);
            fields.next() == Some(&address) && fields.nth(1) == Some(LISTEN)
        }))
    }

    /// User and system time so far. From the clock of the process, which counts nanoseconds and threads that have
    /// ended; `/proc/PID/stat` would round to 10 ms, and `schedstat` knows only the threads that are there.
    pub(crate) fn cpu(&self) -> Result<Duration, Box<dyn Error>> {
        let pid = Pid::from_raw(self.child.id().try_into()?);
        Ok(ClockId::pid_cpu_clock_id(pid)?.now()?.into())
    }

    /// Resident memory in bytes.
    pub(crate) fn memory(&self) -> Result<u64, Box<dyn Error>> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let line = line.ok_or("no VmRSS in status")?;
        let kilobytes: u64 = line.trim_end_matches("kB").trim().parse()?;
        Ok(kilobytes * 1024)
    }

    /// Resident memory, once it does not change any more.
    pub(crate) fn settled_memory(&self) -> Result<u64, Box<dyn Error>> {
        let started = Instant::now();
        let (mut memory, mut since) = (self.memory()?, started);
        while since.elapsed() < SETTLED && started.elapsed() < UNSETTLED {
            thread::sleep(GLANCE);
            let now = self.memory()?;
            if now != memory {
                (memory, since) = (now, Instant::now());
            }
        }
        Ok(memory)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn free_address() -> io::Result<SocketAddr> {
    TcpListener::bind((HOST, 0))?.local_addr()
}
