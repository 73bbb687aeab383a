//! How connections and joined topics end.

use crate::close::CloseCode;
#[cfg(doc)]
use crate::conn::ChannelConn;

/// How a connection is closed, and so what its client makes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Close {
    /// Code 1001: the client connects again.
    Disconnect,
    /// Code 1012: the server restarts, and the client connects again (C-3).
    Restart,
    /// Code 1000: phoenix.js stays away until its page says otherwise. From 1.8.16 on it connects again as
    /// after any other code, so that `connect` has to refuse whoever should stay away.
    StayAway,
}

impl Close {
    pub(crate) fn code(self) -> CloseCode {
        match self {
            Self::Disconnect => CloseCode::Disconnected,
            Self::Restart => CloseCode::Restart,
            Self::StayAway => CloseCode::StayAway,
        }
    }
}

/// Why a joined topic ended (L-7).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LeaveReason {
    /// The client left the topic.
    Left,
    /// The connection is gone.
    Closed,
    /// The client joined the same topic again on the same connection (J-7).
    Replaced,
    /// A handler called [`ChannelConn::stop`].
    Stopped,
    /// A handler panicked, or called [`ChannelConn::fail`].
    Crashed,
}
