//! What becomes of a client's frame: the dispatch table of the protocol, and the life of a topic.

use super::{
    Phase, Socket, Stop,
    call::{Outcome, Own},
    inbox::Letter,
    slot::{Input, Limit, Running},
    unmatched_topic,
};
use crate::{
    ChannelEvent, ChannelHandler, LeaveReason, Payload, Reference, Reply,
    socket::JoinedTopic,
    topic::Routes,
    wire::{Frame, Inbound},
};
use futures_util::future::AbortHandle;
use std::sync::Arc;

/// The topic of the protocol itself: heartbeats.
const PHOENIX: &str = "phoenix";

/// Too many undecodable frames in a row.
pub(super) struct Malformed;

impl<H: ChannelHandler> Socket<H> {
    /// Takes a frame. One that cannot be decoded is dropped, unless there are too many of them.
    pub(super) fn receive(&mut self, frame: &Frame) -> Result<(), Malformed> {
        let connection = Arc::clone(&self.connection);
        match connection.session.serializer.decode(frame) {
            Ok(inbound) => {
                self.malformed = 0;
                self.dispatch(inbound);
                Ok(())
            }
            Err(error) => {
                log::debug!("dropped a frame that does not decode: {error}");
                self.malformed += 1;
                if self.malformed < self.config.max_malformed {
                    Ok(())
                } else {
                    Err(Malformed)
                }
            }
        }
    }

    fn dispatch(&mut self, inbound: Inbound<'_>) {
        if inbound.topic == PHOENIX && inbound.event == "heartbeat" {
            return self.answer(&inbound, &Reply::ok(&()));
        }
        let longest = inbound.topic.len().max(inbound.event.len());
        if longest > self.config.max_name_length {
            return self.answer(&inbound, &Reply::error("name too long"));
        }
        let joined = self.slots.name(&inbound.topic);
        if let Err(limited) = self.allow(&inbound, joined.is_some()) {
            return self.answer_limited(&inbound, &limited);
        }
        match (&*inbound.event, joined) {
            ("phx_join", Some(topic)) => self.rejoin(&topic, own(inbound, &topic)),
            ("phx_join", None) => {
                let topic = Arc::from(&*inbound.topic);
                self.enter(&topic, own(inbound, &topic));
            }
            ("phx_leave", Some(topic)) => {
                let leave = own(inbound, &topic);
                self.enqueue(&topic, Input::End(LeaveReason::Left, leave));
            }
            ("phx_leave", None) => self.answer_leave_unjoined(&inbound),
            (_, Some(topic)) => {
                let event = Input::Event(own(inbound, &topic));
                self.enqueue(&topic, event);
            }
            (_, None) => self.answer(&inbound, &unmatched_topic()),
        }
    }

    /// Replies from the socket itself, which carry no `join_ref`.
    fn answer(&mut self, inbound: &Inbound<'_>, reply: &Reply) {
        self.answer_in_turn(None, inbound.reference.as_ref(), &inbound.topic, reply);
    }

    /// Leaving a topic that is not joined is fine (L-2).
    fn answer_leave_unjoined(&mut self, inbound: &Inbound<'_>) {
        let (join_reference, reference) = (&inbound.join_reference, &inbound.reference);
        let (join_reference, reference) = (join_reference.as_ref(), reference.as_ref());
        self.answer_in_turn(join_reference, reference, &inbound.topic, &Reply::ok(&()));
    }

    /// Replies behind what the frames before this one ask for, as far as that does not wait.
    pub(super) fn answer_in_turn(
        &mut self,
        join_reference: Option<&Reference>,
        reference: Option<&Reference>,
        topic: &str,
        reply: &Reply,
    ) {
        let connection = &self.connection;
        if let Some(frame) = connection.encode_reply(join_reference, reference, topic, reply) {
            self.calls.queue(Own::Answer(frame));
        }
    }

    /// Says what has waited for its turn.
    pub(super) fn say(&mut self, own: Own) {
        let connection = &self.connection;
        match own {
            Own::Answer(frame) => connection.push(frame, || ("", "phx_reply")),
            Own::Unmatched(joined) => joined.refuse_unmatched(connection),
        }
    }

    /// A join of a topic that is joined, or about to be, or about to end (J-7).
    fn rejoin(&mut self, topic: &Arc<str>, join: ChannelEvent) {
        let slot = self.slots.entry(topic);
        let undecided = slot
            .queue
            .iter()
            .any(|input| matches!(input, Input::Join(_)))
            || slot.running == Some(Running::Join);
        if let Some(Running::Event | Running::Letter) = slot.running {
            // Whatever the old instance is doing, it is cut off.
            match (&slot.abort, &slot.joined) {
                (Some(abort), _) => abort.abort(),
                (None, Some(joined)) => self.calls.abort_fresh(joined),
                (None, None) => {}
            }
        }
        if !undecided && !slot.is_ending() {
            slot.queue.clear();
            slot.queue.push_back(end(LeaveReason::Replaced, topic));
        }
        self.enqueue(topic, Input::Join(join));
    }

    /// Queues a letter for its instance. One whose instance has ended is nobody's any more.
    pub(super) fn deliver(&mut self, letter: Letter) {
        let Some(joined) = letter.recipient() else {
            return;
        };
        let slot = self.slots.get_mut(&joined.topic);
        if slot.is_some_and(|slot| slot.holds(&joined)) {
            self.enqueue(&joined.topic, Input::Letter(letter));
        }
    }

    fn enqueue(&mut self, topic: &Arc<str>, input: Input) {
        self.slots.enqueue(topic, input);
        self.proceed(topic);
    }

    /// Ends every topic behind what it still has to do: the connection is gone.
    pub(super) fn end_topics(&mut self) {
        for topic in self.slots.topics() {
            if let Some(joined) = &self.slots.entry(&topic).joined {
                joined.deafen();
            }
            self.enqueue(&topic, end(LeaveReason::Closed, &topic));
        }
    }

    /// Starts what the topic has to do next, unless it is busy.
    fn proceed(&mut self, topic: &Arc<str>) {
        loop {
            let slot = self.slots.entry(topic);
            if slot.running.is_some() {
                return;
            }
            let Some(input) = slot.queue.pop_front() else {
                if slot.joined.is_none() {
                    self.slots.remove(topic);
                }
                return;
            };
            match (slot.joined.clone(), input) {
                (None, Input::Join(join)) => self.enter(topic, join),
                (Some(joined), Input::Event(event)) => {
                    if joined.accepts(event.join_reference()) {
                        self.start(&joined, Running::Event, Input::Event(event));
                    }
                }
                (Some(joined), Input::Letter(letter)) => {
                    if letter.is_for(&joined) {
                        self.start(&joined, Running::Letter, Input::Letter(letter));
                    }
                }
                (Some(joined), Input::End(reason, event)) => {
                    let stale =
                        reason == LeaveReason::Left && !joined.accepts(event.join_reference());
                    if !stale {
                        self.end(&joined, reason, event);
                    }
                }
                // The instance was replaced while this join waited.
                (Some(_), Input::Join(join)) => {
                    slot.queue.push_front(Input::Join(join));
                    slot.queue.push_front(end(LeaveReason::Replaced, topic));
                }
                (None, Input::Event(event)) => {
                    self.answer_in_turn(None, event.reference(), topic, &unmatched_topic());
                }
                (None, Input::End(LeaveReason::Left, leave)) => {
                    let (join_reference, reference) = (leave.join_reference(), leave.reference());
                    self.answer_in_turn(join_reference, reference, topic, &Reply::ok(&()));
                }
                (None, Input::Letter(_) | Input::End(..)) => {}
            }
        }
    }

    /// Joins a topic that this connection has not joined (rows 2 to 4 of the table).
    fn enter(&mut self, topic: &Arc<str>, join: ChannelEvent) {
        let replaced = match self.slots.get_mut(topic) {
            Some(slot) => std::mem::take(&mut slot.replaced),
            None => Vec::new(),
        };
        let routes = if &**topic == PHOENIX {
            Routes::None
        } else {
            self.handler.routes(topic)
        };
        let unmatched = matches!(routes, Routes::None);
        let joined = Arc::new(JoinedTopic::new(&join, routes, replaced));
        if unmatched {
            self.calls.queue(Own::Unmatched(joined));
        } else {
            self.slots.entry(topic).joined = Some(Arc::clone(&joined));
            self.start(&joined, Running::Join, Input::Join(join));
        }
    }

    /// Ends an instance: it is no member from here on, and its handler is told.
    fn end(&mut self, joined: &Arc<JoinedTopic>, reason: LeaveReason, event: ChannelEvent) {
        match reason {
            LeaveReason::Left => joined.begin_leave(event.reference()),
            LeaveReason::Stopped => {
                joined.end();
                joined.announce_close(&self.connection);
            }
            LeaveReason::Closed | LeaveReason::Replaced | LeaveReason::Crashed => joined.end(),
        }
        self.start(joined, Running::End(reason), Input::End(reason, event));
    }

    fn start(&mut self, joined: &Arc<JoinedTopic>, running: Running, input: Input) {
        self.slots.entry(&joined.topic).running = Some(running);
        self.calls
            .start(&self.handler, &self.connection, joined, input);
    }

    /// A handler call has something to wait for.
    pub(super) fn wait(
        &mut self,
        joined: &JoinedTopic,
        abort: AbortHandle,
        asked: Option<Reference>,
    ) {
        let slot = self.slots.entry(&joined.topic);
        slot.abort = Some(abort);
        let timeout = self.config.handler_timeout;
        let deadline = timeout.and_then(|timeout| self.alarm.expect(timeout));
        slot.limit = deadline.map(|deadline| Box::new(Limit { deadline, asked }));
    }

    /// A handler call has come to its end.
    pub(super) fn finish(&mut self, joined: &JoinedTopic, outcome: Outcome) {
        let slot = self.slots.entry(&joined.topic);
        (slot.abort, slot.limit) = (None, None);
        let Some(running) = slot.running.take() else {
            return;
        };
        match running {
            Running::Join => self.finish_join(joined, outcome),
            Running::Event | Running::Letter => self.finish_event(joined, outcome),
            Running::End(reason) => self.finish_end(joined, reason, outcome),
        }
        self.proceed(&joined.topic);
    }

    fn finish_join(&mut self, joined: &JoinedTopic, outcome: Outcome) {
        if outcome == Outcome::Panicked {
            joined.refuse(&self.connection, &Reply::error("join crashed"));
        } else {
            joined.refuse_unmatched(&self.connection);
        }
        if joined.phase() == Phase::Refused {
            self.slots.entry(&joined.topic).joined = None;
        } else {
            self.finish_event(joined, outcome);
        }
    }

    fn finish_event(&mut self, joined: &JoinedTopic, outcome: Outcome) {
        let reason = match (outcome, joined.take_stop()) {
            (Outcome::Panicked, _) | (_, Some(Stop::Fail)) => LeaveReason::Crashed,
            (_, Some(Stop::Close)) => LeaveReason::Stopped,
            (_, None) => return,
        };
        let slot = self.slots.entry(&joined.topic);
        slot.drop_stale(joined, false);
        slot.queue.push_front(end(reason, &joined.topic));
    }

    fn finish_end(&mut self, joined: &JoinedTopic, reason: LeaveReason, outcome: Outcome) {
        if outcome == Outcome::Panicked {
            log::error!("a leave handler of `{}` panicked", joined.topic);
        }
        let slot = self.slots.entry(&joined.topic);
        slot.joined = None;
        if reason == LeaveReason::Replaced {
            slot.replaced.push(joined.join_reference().cloned());
        }
        slot.drop_stale(joined, reason == LeaveReason::Left);
        match reason {
            LeaveReason::Crashed => joined.announce_crash(&self.connection),
            // A leave that the handler did not answer is answered all the same.
            LeaveReason::Left => joined.answer_leave(&self.connection, &Reply::ok(&())),
            LeaveReason::Closed | LeaveReason::Replaced | LeaveReason::Stopped => {}
        }
    }
}

fn own(inbound: Inbound<'_>, topic: &Arc<str>) -> ChannelEvent {
    ChannelEvent {
        topic: Arc::clone(topic),
        event: inbound.event.into(),
        payload: inbound.payload,
        reference: inbound.reference,
        join_reference: inbound.join_reference,
    }
}

fn end(reason: LeaveReason, topic: &Arc<str>) -> Input {
    let event = ChannelEvent::from_parts(Arc::clone(topic), "phx_leave", Payload::empty());
    Input::End(reason, event)
}
