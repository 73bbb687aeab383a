//! The servers that are compared. All of them know a join, a message that goes to all members of its topic, and a
//! request that is answered with what it said.

mod echo;
mod floor;
mod ours;
mod socketioxide;
mod trillium_channels;

use crate::load::Dialect;
use phx_channels::Event;
use serde::{Deserialize, Serialize};
use std::{error::Error, net::Ipv4Addr};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Server {
    Floor,
    Ours(Runtime),
    Socketioxide,
    TrilliumChannels,
    Echo(Runtime),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Runtime {
    Smol,
    Tokio,
}

pub(crate) const HOST: Ipv4Addr = Ipv4Addr::LOCALHOST;

/// What is said in all of the work.
#[derive(Serialize, Deserialize, Event)]
#[event("msg")]
struct Message {
    by: u32,
    no: u32,
    pad: String,
}

impl Server {
    pub(crate) const ALL: [Self; 7] = [
        Self::Floor,
        Self::Ours(Runtime::Smol),
        Self::Ours(Runtime::Tokio),
        Self::Socketioxide,
        Self::TrilliumChannels,
        Self::Echo(Runtime::Smol),
        Self::Echo(Runtime::Tokio),
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Floor => "floor",
            Self::Ours(Runtime::Smol) => "ours-smol",
            Self::Ours(Runtime::Tokio) => "ours-tokio",
            Self::Socketioxide => "socketioxide",
            Self::TrilliumChannels => "trillium-channels",
            Self::Echo(Runtime::Smol) => "echo-smol",
            Self::Echo(Runtime::Tokio) => "echo-tokio",
        }
    }

    /// Whether it is a fault when a message does not arrive. What others lose is theirs, and only counted.
    pub(crate) fn is_reliable(self) -> bool {
        matches!(self, Self::Floor | Self::Ours(_) | Self::Echo(_))
    }

    pub(crate) fn dialect(self) -> Dialect {
        match self {
            Self::Floor | Self::Ours(_) | Self::Echo(_) => Dialect::PhoenixV2,
            // It looks for the version in a query that its trillium-websockets never shows it.
            Self::TrilliumChannels => Dialect::PhoenixV1,
            Self::Socketioxide => Dialect::SocketIo,
        }
    }
}

pub(crate) fn serve(server: Server, port: u16) -> Result<(), Box<dyn Error>> {
    match server {
        Server::Floor => floor::serve(port)?,
        Server::Ours(runtime) => run(runtime, port, ours::handler()),
        Server::Socketioxide => socketioxide::serve(port)?,
        Server::TrilliumChannels => run(Runtime::Smol, port, trillium_channels::handler()),
        Server::Echo(runtime) => run(runtime, port, echo::handler()),
    }
    Ok(())
}

fn run(runtime: Runtime, port: u16, handler: impl trillium::Handler) {
    let host = HOST.to_string();
    match runtime {
        Runtime::Smol => {
            let config = trillium_smol::config().with_host(&host).with_port(port);
            config.with_nodelay().run(handler);
        }
        Runtime::Tokio => {
            let config = trillium_tokio::config().with_host(&host).with_port(port);
            config.with_nodelay().run(handler);
        }
    }
}
