use super::{
    labels,
    spans::{self, Span},
};
use crate::{close::CloseCode, hub, socket};
use std::{sync::Arc, time::Instant};

/// A connection, from its handshake to its end.
pub(crate) struct Connection {
    hub: Arc<hub::Hub>,
    span: Span,
    since: Option<Instant>,
    reason: &'static str,
}

impl Connection {
    pub(crate) fn open(connection: &socket::Connection) -> Self {
        let hub = Arc::clone(connection.hub());
        hub.watch.meters.opened();
        let span = spans::connection(&connection.session);
        Self {
            since: span.is_on().then(Instant::now),
            hub,
            span,
            reason: "dropped",
        }
    }

    /// What all that the connection does is in.
    pub(crate) fn span(&self) -> Span {
        self.span.clone()
    }

    /// What it is closed with, if this side closes it.
    pub(crate) fn ended(&mut self, code: Option<CloseCode>) {
        self.reason = labels::closed(code);
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.hub.watch.meters.closed(self.reason);
        let lasted = self.since.map(|since| since.elapsed());
        self.span.close(self.reason, None, lasted);
    }
}
