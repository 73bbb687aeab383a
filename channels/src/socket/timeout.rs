//! Handlers that take too long.

use super::{Phase, Running, SlotKey, Socket};
use crate::{
    handler::ChannelHandler,
    logging::Quoted,
    reply::{Reply, Stop},
    watch::JoinRefusal,
};
use std::time::Instant;

impl<H: ChannelHandler> Socket<H> {
    /// When the next call has taken too long.
    pub(super) fn next_timeout(&self) -> Option<Instant> {
        self.slots.next_deadline()
    }

    /// Cuts off the calls that have taken too long.
    pub(super) fn time_out_calls(&mut self, now: Instant) {
        for key in self.slots.overdue(now) {
            self.time_out(key);
        }
    }

    /// Whoever waits for the call learns that it failed: a join is refused, an event gets an error. For
    /// a message from inside the server nobody waits; it may have been one that the client should know
    /// of, so its channel ends as after a panic, and the client joins anew. The end of a topic goes on
    /// without its handler.
    fn time_out(&mut self, key: SlotKey) {
        let Some(slot) = self.slots.get_mut(key) else {
            return;
        };
        let (Some(limit), Some(joined), Some(abort)) =
            (slot.limit.take(), &slot.joined, &slot.abort)
        else {
            return;
        };
        log::warn!(
            "a handler of {} is cut off: it took longer than `Config::handler_timeout`",
            Quoted(&slot.topic)
        );
        joined.watch.timed_out();
        let reply = Reply::error("timeout");
        match slot.running {
            Some(Running::Join) if joined.phase() == Phase::Joining => {
                joined.refuse(&self.connection, JoinRefusal::TimedOut, &reply);
            }
            Some(Running::Event) if limit.asked.is_some() => {
                joined.reply(&self.connection, limit.asked.as_ref(), &reply);
            }
            Some(Running::Letter) => joined.stop(Stop::Fail),
            Some(Running::Join | Running::Event | Running::End(_)) | None => {}
        }
        abort.abort();
    }
}
