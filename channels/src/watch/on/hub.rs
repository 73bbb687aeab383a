use super::{
    labels::{self, NONE},
    meters::{self, Sending},
    spans,
};
use crate::{
    admission::Via,
    hub,
    refused::Refused,
    watch::{ConnectRefusal, Unheard},
    wire::Frame,
};
use std::{sync::Arc, time::Instant};

/// What all connections of a channel have in common.
#[derive(Default)]
pub(crate) struct Hub {
    pub(super) meters: meters::Meters,
}

impl Hub {
    /// A handshake, from when it is looked at to its decision.
    pub(crate) async fn admission<T>(
        &self,
        via: Via,
        decision: impl Future<Output = Result<T, Refused>>,
    ) -> Result<T, Refused> {
        let span = spans::connect(via);
        let begun = span.is_on().then(Instant::now);
        let decided = span.clone().around(decision).await;
        let refusal = decided.as_ref().err().map(Refused::why);
        if let Some(why) = refusal {
            self.refused(why);
        }
        let outcome = refusal.map_or("ok", |_| "refused");
        let took = begun.map(|begun| begun.elapsed());
        span.close(outcome, refusal.map(labels::connect), took);
        decided
    }

    /// A client may not connect.
    pub(crate) fn refused(&self, why: ConnectRefusal) {
        self.meters.connect_refused(labels::connect(why));
    }

    /// A message has come.
    pub(crate) fn received(&self, bytes: usize) {
        self.meters.received(bytes);
    }

    /// One that cannot be decoded.
    pub(crate) fn malformed(&self) {
        self.meters.malformed();
    }

    /// One that reaches no topic. Leaves always end well.
    pub(crate) fn unheard(&self, topic: &str, event: &str, why: Unheard) {
        let reason = labels::unheard(why);
        match event {
            "phx_join" => {
                self.meters.join_refused(NONE, reason);
                let has_name = why != Unheard::NameTooLong;
                spans::refused_join(has_name.then_some(topic), NONE, reason);
            }
            "phx_leave" => {}
            _ => self.meters.event_refused(reason),
        }
    }

    /// Messages on their way to the transport.
    pub(crate) fn sending<I: Iterator<Item = Frame>>(&self, frames: I) -> Sending<'_, I> {
        self.meters.sending(frames)
    }

    /// A connection is closed because of something that does not fit, on the topic of this room if
    /// there is one.
    pub(crate) fn overflowed(&self, room: impl FnOnce() -> Option<Arc<hub::Room>>) {
        self.meters.overflowed(room);
    }
}
