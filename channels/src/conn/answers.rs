//! What a handler answers to its client.

use super::ChannelConn;
use crate::{
    ChannelEvent, Reply,
    socket::{Phase, Stop},
    watch::JoinRefusal,
};
use serde::Serialize;
use std::future::{Ready, ready};

impl ChannelConn<'_> {
    /// Accepts a join with this response (J-1, J-2). What the handler sends from here on is sent
    /// at once, and this client is a member of the topic.
    ///
    /// Done when called; the future is ready and only there to be awaited.
    pub fn allow_join<T: Serialize + ?Sized>(&self, _: &ChannelEvent, response: &T) -> Ready<()> {
        if let Some((connection, joined)) = self.joined() {
            joined.accept(connection, &Reply::ok(response));
        }
        ready(())
    }

    /// Refuses a join with this response; a text becomes `{"reason": text}` (J-3).
    ///
    /// A handler that neither allows nor refuses a join refuses it as "unmatched topic" (J-4).
    pub fn refuse_join<T: Serialize + ?Sized>(&self, _: &ChannelEvent, response: &T) -> Ready<()> {
        if let Some((connection, joined)) = self.joined() {
            joined.refuse(connection, JoinRefusal::Handler, &Reply::error(response));
        }
        ready(())
    }

    /// Answers a `phx_leave` with this response and closes the channel (L-1). Where the topic ends
    /// for another reason there is nobody to answer, and nothing happens.
    pub fn allow_leave<T: Serialize + ?Sized>(&self, _: &ChannelEvent, response: &T) -> Ready<()> {
        if let Some((connection, joined)) = self.joined() {
            joined.answer_leave(connection, &Reply::ok(response));
        }
        ready(())
    }

    /// Replies to a client's event with status `ok` (M-1).
    pub fn reply_ok<T: Serialize + ?Sized>(&self, event: &ChannelEvent, response: &T) -> Ready<()> {
        self.reply(event, &Reply::ok(response));
        ready(())
    }

    /// Replies to a client's event with status `error`; a text becomes `{"reason": text}` (M-2).
    pub fn reply_error<T: Serialize + ?Sized>(
        &self,
        event: &ChannelEvent,
        response: &T,
    ) -> Ready<()> {
        self.reply(event, &Reply::error(response));
        ready(())
    }

    /// Replies to a client's event (M-1, M-2, M-3). Replies to a join that is not decided yet decide
    /// it: status `ok` accepts, any other refuses. A reply may also end the topic (E-3, E-4).
    pub fn reply(&self, event: &ChannelEvent, reply: &Reply) {
        let Some((connection, joined)) = self.joined() else {
            log::error!("there is nothing to reply to outside of a joined topic");
            return;
        };
        match joined.phase() {
            Phase::Joining if reply.is_ok() => joined.accept(connection, reply),
            Phase::Joining => joined.refuse(connection, JoinRefusal::Handler, reply),
            Phase::Leaving => joined.answer_leave(connection, reply),
            Phase::Refused | Phase::Live | Phase::Ended => {
                joined.watch.answered(reply);
                joined.reply(connection, event.reference(), reply);
            }
        }
        if let Some(stop) = reply.ending() {
            joined.stop(stop);
        }
    }

    /// Ends this joined topic with `phx_close` when the handler has returned: the client is out and
    /// does not come back by itself (E-2).
    pub fn stop(&self) {
        self.end(Stop::Close);
    }

    /// Ends this joined topic with `phx_error` when the handler has returned: the client joins
    /// again after a while (E-4).
    pub fn fail(&self) {
        self.end(Stop::Fail);
    }

    fn end(&self, stop: Stop) {
        if let Some((_, joined)) = self.joined() {
            joined.stop(stop);
        }
    }
}
