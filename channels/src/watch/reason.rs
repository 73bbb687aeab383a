//! Why something is refused. There are few of these, so that they can be labels.

/// Why a client may not connect.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum ConnectRefusal {
    /// The request is no handshake.
    Handshake,
    Origin,
    Subprotocol,
    /// The version of the protocol is not spoken.
    Version,
    /// The connect parameters are not what they should be.
    Params,
    /// As many clients are connected as may be.
    Full,
    /// The same for its address.
    Peer,
    /// Its address has as many sessions that poll as it may have.
    Sessions,
    /// Its address connects more often than `Config::connect_rate`.
    Rate,
    /// `#[connect]` says so.
    #[default]
    Handler,
    Panicked,
    TimedOut,
    ShuttingDown,
}

impl ConnectRefusal {
    /// The setting that the client has reached, if that is why.
    pub(crate) fn limit(self) -> Option<&'static str> {
        match self {
            Self::Full => Some("Config::max_connections"),
            Self::Peer => Some("Config::max_connections_per_peer"),
            Self::Sessions => Some("Config::max_polling_sessions_per_peer"),
            Self::Rate => Some("Config::connect_rate"),
            _ => None,
        }
    }

    /// Whether the server has no room or no time, so that the client may come in later.
    pub(crate) fn is_busy(self) -> bool {
        matches!(
            self,
            Self::Full
                | Self::Peer
                | Self::Sessions
                | Self::Rate
                | Self::TimedOut
                | Self::ShuttingDown
        )
    }
}

/// Why an instance of a topic is not joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum JoinRefusal {
    /// No `#[join]` leads to it, or the handler has not decided.
    Unmatched,
    /// An argument of `#[join]` cannot be had.
    Params,
    /// `#[join]` says so.
    Handler,
    TooMany,
    Panicked,
    TimedOut,
}

/// Why a message reaches no topic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unheard {
    NameTooLong,
    RateLimited,
    /// Its topic is not joined.
    Unjoined,
}
