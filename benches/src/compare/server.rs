//! A server in a process of its own, and what the kernel says about that process.

use crate::dialect::Dialect;
use std::{
    env, fs,
    error::Error,
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

/// The kernel counts the time of processes in these.
const TICK: Duration = Duration::from_millis(10);
const PATIENCE: Duration = Duration::from_secs(10);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Kind {
    /// What it is called in the table.
    pub(crate) name: &'static str,
    program: &'static str,
    argument: Option<&'static str>,
    pub(crate) dialect: Dialect,
}

pub(crate) const FLOOR: Kind = kind("floor", "floor", None, Dialect::Phoenix);
pub(crate) const OURS: [Kind; 2] = [
    kind("ours (smol)", "ours", Some("smol"), Dialect::Phoenix),
    kind("ours (tokio)", "ours", Some("tokio"), Dialect::Phoenix),
];
/// In the order of [`OURS`].
pub(crate) const ECHO: [Kind; 2] = [
    kind("echo (smol)", "echo", Some("smol"), Dialect::Phoenix),
    kind("echo (tokio)", "echo", Some("tokio"), Dialect::Phoenix),
];
pub(crate) const PEERS: [Kind; 2] = [
    kind("socketioxide", "socketioxide", None, Dialect::SocketIo),
    kind("trillium-channels", "trillium-channels", None, Dialect::Phoenix),
];

const fn kind(name: &'static str, program: &'static str, argument: Option<&'static str>, dialect: Dialect) -> Kind {
    Kind { name, program, argument, dialect }
}

/// A running server, killed when dropped.
pub(crate) struct Server {
    process: Child,
    pub(crate) address: SocketAddr,
}

impl Server {
    /// Starts a server, and waits until it listens.
    pub(crate) fn start(kind: Kind) -> Result<Self, Box<dyn Error>> {
        let address = free_address()?;
        let process = Command::new(env::current_exe()?.with_file_name(kind.program))
            .args(kind.argument)
            .env("HOST", address.ip().to_string())
            .env("PORT", address.port().to_string())
            .stdout(Stdio::null())
            .spawn()?;
        let server = Self { process, address };
        let started = Instant::now();
        while TcpStream::connect(address).is_err() {
            if started.elapsed() > PATIENCE {
                return Err(format!("{} does not listen", kind.name).into());
            }
            thread::sleep(TICK);
        }
        Ok(server)
    }

    /// User and system time so far.
    pub(crate) fn cpu(&self) -> Result<Duration, Box<dyn Error>> {
        let stat = self.proc("stat")?;
        // Behind the name, which stands in parentheses and may hold anything: the 12th and 13th field.
        let (_, fields) = stat.rsplit_once(')').ok_or("no name in stat")?;
        let ticks = fields.split_whitespace().skip(11).take(2).map(str::parse::<u32>).sum::<Result<u32, _>>()?;
        Ok(TICK * ticks)
    }

    /// Resident memory in bytes.
    pub(crate) fn memory(&self) -> Result<u64, Box<dyn Error>> {
        let status = self.proc("status")?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).ok_or("no VmRSS in status")?;
        let kilobytes: u64 = line.trim_end_matches("kB").trim().parse()?;
        Ok(kilobytes * 1024)
    }

    fn proc(&self, file: &str) -> std::io::Result<String> {
        fs::read_to_string(format!("/proc/{}/{file}", self.process.id()))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn free_address() -> std::io::Result<SocketAddr> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()
}
