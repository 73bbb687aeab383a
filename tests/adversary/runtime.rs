//! The runtimes that a server is attacked on.

use trillium::Handler;
use trillium_testing::ServerHandle;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Runtime {
    Smol,
    Tokio,
}

impl Runtime {
    pub(crate) const ALL: [Self; 2] = [Self::Smol, Self::Tokio];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Smol => "smol",
            Self::Tokio => "tokio",
        }
    }

    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|runtime| runtime.name() == name)
    }

    /// Serves on a free port of this machine, until a signal ends it.
    pub(crate) fn spawn(self, app: impl Handler) -> ServerHandle {
        match self {
            Self::Smol => trillium_smol::config()
                .with_host("127.0.0.1")
                .with_port(0)
                .spawn(app),
            Self::Tokio => trillium_tokio::config()
                .with_host("127.0.0.1")
                .with_port(0)
                .spawn(app),
        }
    }
}
