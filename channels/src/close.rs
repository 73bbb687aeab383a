//! Why the server closes a connection.

/// Why this side closes. phoenix.js takes 1000 for "stay away", so none but that has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CloseCode {
    /// The application does not want this client any more.
    StayAway,
    /// The application wants the client to connect anew.
    Disconnected,
    /// Nothing came from the client for too long.
    Idle,
    /// A violation of the WebSocket protocol.
    Protocol,
    /// Text that is not UTF-8.
    InvalidText,
    /// Too many control frames.
    ControlFlood,
    /// A message in too many fragments.
    FragmentFlood,
    /// A message above the limit.
    TooBig,
    /// Too many frames in a row that do not decode.
    Malformed,
    /// Something panicked that should not have.
    Crash,
    /// The server shuts down.
    Restart,
    /// The client does not keep up.
    Overflow,
    /// The client takes nothing at all.
    Stalled,
}

impl CloseCode {
    pub(crate) fn code(self) -> u16 {
        match self {
            Self::StayAway => 1000,
            Self::Disconnected => 1001,
            Self::Idle | Self::Protocol => 1002,
            Self::InvalidText => 1007,
            Self::ControlFlood | Self::FragmentFlood => 1008,
            Self::TooBig => 1009,
            Self::Malformed | Self::Crash => 1011,
            Self::Restart => 1012,
            Self::Overflow | Self::Stalled => 1013,
        }
    }

    /// Whether the client broke the rules of the transport, so that what more it sends is not waited for.
    pub(crate) fn is_violation(self) -> bool {
        matches!(
            self,
            Self::Protocol
                | Self::InvalidText
                | Self::TooBig
                | Self::ControlFlood
                | Self::FragmentFlood
        )
    }

    pub(crate) fn reason(self) -> &'static str {
        match self {
            Self::StayAway | Self::Disconnected => "disconnected",
            Self::Idle => "idle",
            Self::Protocol => "protocol error",
            Self::InvalidText => "text is not UTF-8",
            Self::ControlFlood => "too many control frames",
            Self::FragmentFlood => "too many fragments",
            Self::TooBig => "message too big",
            Self::Malformed => "too many malformed messages",
            Self::Crash => "internal error",
            Self::Restart => "server is shutting down",
            Self::Overflow | Self::Stalled => "too slow",
        }
    }
}
