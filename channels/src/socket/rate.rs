//! How much one client may ask for in a while.

use super::Socket;
use crate::{
    handler::ChannelHandler, limits::Limited, logging::Quoted, reply::Reply, watch::Unheard,
    wire::Inbound,
};

impl<H: ChannelHandler> Socket<H> {
    /// Whether a message may be dispatched now. Heartbeats are not asked about, leaves are free, and so is
    /// what reaches no handler because its topic is not joined.
    pub(super) fn allow(&mut self, inbound: &Inbound<'_>, is_joined: bool) -> Result<(), Limited> {
        // The clock was asked when the frame came.
        let (config, now) = (&self.config, self.alarm.seen());
        match (&*inbound.event, config.join_rate, config.event_rate) {
            ("phx_join", Some(rate), _) => self.connection.allowance(now).take_join(rate, now),
            ("phx_join" | "phx_leave", ..) => Ok(()),
            (_, _, Some(rate)) if is_joined => self.connection.allowance(now).take_event(rate, now),
            _ => Ok(()),
        }
    }

    /// Tells a client that it asks for too much. The topic is as it was.
    pub(super) fn answer_limited(&mut self, inbound: &Inbound<'_>, limited: &Limited) {
        let (topic, event) = (&inbound.topic, &inbound.event);
        self.connection
            .watch()
            .unheard(topic, event, Unheard::RateLimited);
        if inbound.reference.is_none() {
            log::debug!(
                "dropped {} on {}: rate limited",
                Quoted(&inbound.event),
                Quoted(&inbound.topic)
            );
            return;
        }
        let (join_reference, reference) = (&inbound.join_reference, &inbound.reference);
        let (join_reference, reference) = (join_reference.as_ref(), reference.as_ref());
        self.answer_in_turn(
            join_reference,
            reference,
            &inbound.topic,
            &Reply::error(&limited),
        );
    }
}
