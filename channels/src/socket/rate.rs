//! How much one client may ask for in a while.

use super::Socket;
use crate::{
    ChannelHandler,
    limits::{Bucket, Limited},
    watch::Unheard,
    wire::Inbound,
};

/// What is left for a connection. All its topics share it, so no client makes it grow.
#[derive(Debug, Default)]
pub(super) struct Allowance {
    joins: Bucket,
    events: Bucket,
}

impl<H: ChannelHandler> Socket<H> {
    /// Whether a message may be dispatched now. Heartbeats are not asked about, leaves are free, and so is
    /// what reaches no handler because its topic is not joined.
    pub(super) fn allow(&mut self, inbound: &Inbound<'_>, is_joined: bool) -> Result<(), Limited> {
        let (is_join, rate) = match &*inbound.event {
            "phx_join" => (true, self.config.join_rate),
            "phx_leave" => return Ok(()),
            _ if is_joined => (false, self.config.event_rate),
            _ => return Ok(()),
        };
        let Some(rate) = rate else {
            return Ok(());
        };
        let allowance = self.allowance.get_or_insert_default();
        let bucket = if is_join {
            &mut allowance.joins
        } else {
            &mut allowance.events
        };
        // The clock was asked when the frame came.
        bucket.take(rate, self.alarm.seen())
    }

    /// Tells a client that it asks for too much. The topic is as it was.
    pub(super) fn answer_limited(&mut self, inbound: &Inbound<'_>, limited: &Limited) {
        let (topic, event) = (&inbound.topic, &inbound.event);
        self.connection
            .watch()
            .unheard(topic, event, Unheard::RateLimited);
        if inbound.reference.is_none() {
            log::debug!(
                "dropped `{}` on `{}`: rate limited",
                inbound.event,
                inbound.topic
            );
            return;
        }
        let (join_reference, reference) = (&inbound.join_reference, &inbound.reference);
        let (join_reference, reference) = (join_reference.as_ref(), reference.as_ref());
        self.answer_in_turn(join_reference, reference, &inbound.topic, &limited.reply());
    }
}
