//! What becomes of a client's frame: the dispatch table of the protocol, and the life of a topic.

use super::{
    Phase, Socket,
    call::{Outcome, Own},
    inbox::Letter,
    slot::{Input, Limit, Running, Slot, SlotKey},
    unmatched_topic,
};
use crate::{
    end::LeaveReason,
    handler::ChannelHandler,
    logging::{Excerpt, Quoted},
    message::{event::ChannelEvent, payload::Payload, reference::Reference},
    reply::{Reply, Stop},
    socket::{Connection, JoinedTopic},
    topic::Routes,
    watch::{JoinRefusal, Unheard},
    wire::{Frame, Inbound},
};
use futures_util::future::AbortHandle;
use std::{mem, sync::Arc};

/// The topic of the protocol itself: heartbeats.
const PHOENIX: &str = "phoenix";

/// Too many undecodable frames in a row.
pub(super) struct Malformed;

impl<H: ChannelHandler> Socket<H> {
    /// Takes a frame. One that cannot be decoded is dropped, unless there are too many of them.
    pub(super) fn receive(&mut self, frame: &Frame) -> Result<(), Malformed> {
        self.connection.watch().received(frame.len());
        let serializer = self.connection.session.serializer;
        let decoded = serializer.decode(frame);
        let longest = self.config.max_reference_size;
        match decoded.and_then(|inbound| inbound.with_references_up_to(longest)) {
            Ok(inbound) => {
                self.malformed = 0;
                self.dispatch(inbound);
                Ok(())
            }
            Err(error) => {
                log::debug!("dropped a frame that does not decode: {}", Excerpt(error));
                self.connection.watch().malformed();
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
            let reply = Reply::error("name too long");
            return self.turn_away(&inbound, Unheard::NameTooLong, &reply);
        }
        let found = self.slots.find(&inbound.topic);
        if let Err(limited) = self.allow(&inbound, found.is_some()) {
            return self.answer_limited(&inbound, &limited);
        }
        match (&*inbound.event, found) {
            ("phx_join", Some((key, topic))) => self.rejoin(key, own(inbound, topic)),
            ("phx_join", None) => {
                let topic = Arc::from(&*inbound.topic);
                let key = self.slots.insert(&topic);
                self.enqueue(key, Input::Join(own(inbound, topic)));
            }
            ("phx_leave", Some((key, topic))) => {
                self.enqueue(key, Input::End(LeaveReason::Left, own(inbound, topic)));
            }
            ("phx_leave", None) => self.answer_leave_unjoined(&inbound),
            (_, Some((key, topic))) => self.enqueue(key, Input::Event(own(inbound, topic))),
            (_, None) => self.turn_away(&inbound, Unheard::Unjoined, &unmatched_topic()),
        }
    }

    /// Replies to what reaches no topic.
    fn turn_away(&mut self, inbound: &Inbound<'_>, why: Unheard, reply: &Reply) {
        let (topic, event) = (&inbound.topic, &inbound.event);
        self.connection.watch().unheard(topic, event, why);
        self.answer(inbound, reply);
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
    fn rejoin(&mut self, key: SlotKey, join: ChannelEvent) {
        let Some(slot) = self.slots.get(key) else {
            return;
        };
        let undecided = slot.queue.have_join() || slot.running == Some(Running::Join);
        if let Some(Running::Event | Running::Letter) = slot.running {
            // Whatever the old instance is doing, it is cut off.
            match (&slot.abort, &slot.joined) {
                (Some(abort), _) => abort.abort(),
                (None, Some(joined)) => self.calls.abort_fresh(joined),
                (None, None) => {}
            }
        }
        if !undecided && !slot.is_ending() {
            self.slots.change(key, |slot| {
                slot.queue.clear();
                let replaced = end(LeaveReason::Replaced, &slot.topic);
                slot.queue.push_back(replaced);
            });
        }
        self.enqueue(key, Input::Join(join));
    }

    /// Queues a letter for its instance. One whose instance has ended is nobody's any more.
    pub(super) fn deliver(&mut self, letter: Letter) {
        let Some(joined) = letter.recipient() else {
            return;
        };
        let slot = self.slots.get(joined.slot);
        if slot.is_some_and(|slot| slot.holds(&joined)) {
            self.enqueue(joined.slot, Input::Letter(letter));
        }
    }

    fn enqueue(&mut self, key: SlotKey, input: Input) {
        match self.slots.get(key) {
            Some(slot) if slot.is_idle() => self.take_up(key, input),
            _ => self.slots.enqueue(key, input, &self.config),
        }
        self.proceed(key);
    }

    /// Ends every topic behind what it still has to do: the connection is gone.
    pub(super) fn end_topics(&mut self) {
        for key in self.slots.keys() {
            if let Some(slot) = self.slots.get(key) {
                if let Some(joined) = &slot.joined {
                    joined.deafen();
                }
                let end = end(LeaveReason::Closed, &slot.topic);
                self.enqueue(key, end);
            }
        }
    }

    /// Starts what the topic has to do next, unless it is busy.
    fn proceed(&mut self, key: SlotKey) {
        while let Some(slot) = self.slots.get(key)
            && slot.running.is_none()
        {
            if !slot.queue.is_empty() {
                let next = self.slots.change(key, |slot| slot.queue.pop_front());
                if let Some(input) = next.flatten() {
                    self.take_up(key, input);
                }
            } else if slot.joined.is_none() {
                self.slots.remove(key);
            } else {
                return;
            }
        }
    }

    /// Starts what a topic that is not busy has to do for this, if anything.
    fn take_up(&mut self, key: SlotKey, input: Input) {
        let Some(slot) = self.slots.get(key) else {
            return;
        };
        match (slot.joined.clone(), input) {
            (None, Input::Join(join)) => self.enter(key, join),
            (Some(joined), Input::Event(event)) => {
                if joined.accepts(event.join_reference()) {
                    self.start(joined, Running::Event, Input::Event(event));
                }
            }
            (Some(joined), Input::Letter(letter)) => {
                if letter.is_for(&joined) {
                    self.start(joined, Running::Letter, Input::Letter(letter));
                }
            }
            (Some(joined), Input::End(reason, event)) => {
                let stale = reason == LeaveReason::Left && !joined.accepts(event.join_reference());
                if !stale {
                    self.end(joined, reason, event);
                }
            }
            // The instance was replaced while this join waited.
            (Some(_), Input::Join(join)) => {
                self.slots.change(key, |slot| {
                    let replaced = end(LeaveReason::Replaced, &slot.topic);
                    slot.queue.push_front(Input::Join(join));
                    slot.queue.push_front(replaced);
                });
            }
            (None, Input::Event(event)) => {
                let watch = self.connection.watch();
                watch.unheard(event.topic(), event.event(), Unheard::Unjoined);
                self.answer_in_turn(None, event.reference(), event.topic(), &unmatched_topic());
            }
            (None, Input::End(LeaveReason::Left, leave)) => {
                let (join_reference, reference) = (leave.join_reference(), leave.reference());
                self.answer_in_turn(join_reference, reference, leave.topic(), &Reply::ok(&()));
            }
            (None, Input::Letter(_) | Input::End(..)) => {}
        }
    }

    /// Joins a topic that this connection has not joined (rows 2 to 4 of the table).
    fn enter(&mut self, key: SlotKey, join: ChannelEvent) {
        let Some(slot) = self.slots.get_mut(key) else {
            return;
        };
        let replaced = mem::take(&mut slot.replaced);
        let routes = if &*slot.topic == PHOENIX {
            Routes::None(None)
        } else {
            self.party.handler.routes(&slot.topic)
        };
        let unmatched = matches!(routes, Routes::None(_));
        let joined = Arc::new(JoinedTopic::new(key, &join, routes, replaced));
        if unmatched {
            self.calls.queue(Own::Unmatched(joined));
        } else {
            self.slots
                .change(key, |slot| slot.joined = Some(Arc::clone(&joined)));
            self.start(joined, Running::Join, Input::Join(join));
        }
    }

    /// Ends an instance: it is no member from here on, and its handler is told.
    fn end(&mut self, joined: Arc<JoinedTopic>, reason: LeaveReason, event: ChannelEvent) {
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

    fn start(&mut self, joined: Arc<JoinedTopic>, running: Running, input: Input) {
        self.slots.change(joined.slot, |slot| {
            slot.running = Some(running);
            slot.given = input.size();
        });
        self.calls.start(&self.party, joined, input);
    }

    /// A handler call has something to wait for.
    pub(super) fn wait(
        &mut self,
        joined: &JoinedTopic,
        abort: AbortHandle,
        asked: Option<Reference>,
    ) {
        let Some(slot) = self.slots.get_mut(joined.slot) else {
            return;
        };
        slot.abort = Some(abort);
        let timeout = self.config.handler_timeout;
        let deadline = timeout.and_then(|timeout| self.alarm.expect(timeout));
        slot.limit = deadline.map(|deadline| Box::new(Limit { deadline, asked }));
    }

    /// A handler call has come to its end.
    pub(super) fn finish(&mut self, joined: &JoinedTopic, outcome: Outcome) {
        let connection = &self.connection;
        self.slots.change(joined.slot, |slot| {
            (slot.abort, slot.limit, slot.given) = (None, None, 0);
            match slot.running.take() {
                Some(Running::Join) => finish_join(slot, connection, joined, outcome),
                Some(Running::Event | Running::Letter) => finish_event(slot, joined, outcome),
                Some(Running::End(reason)) => {
                    finish_end(slot, connection, joined, reason, outcome);
                }
                None => {}
            }
        });
        self.give_budget_back();
        self.proceed(joined.slot);
    }
}

fn finish_join(
    slot: &mut Slot,
    connection: &Arc<Connection>,
    joined: &JoinedTopic,
    outcome: Outcome,
) {
    if outcome == Outcome::Panicked {
        let reply = Reply::error("join crashed");
        joined.refuse(connection, JoinRefusal::Panicked, &reply);
    } else {
        joined.refuse_unmatched(connection);
    }
    if joined.phase() == Phase::Refused {
        slot.joined = None;
    } else {
        finish_event(slot, joined, outcome);
    }
}

fn finish_event(slot: &mut Slot, joined: &JoinedTopic, outcome: Outcome) {
    let reason = match (outcome, joined.take_stop()) {
        (Outcome::Panicked, _) | (_, Some(Stop::Fail)) => LeaveReason::Crashed,
        (_, Some(Stop::Close)) => LeaveReason::Stopped,
        (_, None) => return,
    };
    slot.drop_stale(joined, false);
    slot.queue.push_front(end(reason, &joined.topic));
}

fn finish_end(
    slot: &mut Slot,
    connection: &Arc<Connection>,
    joined: &JoinedTopic,
    reason: LeaveReason,
    outcome: Outcome,
) {
    if outcome == Outcome::Panicked {
        log::error!("a leave handler of {} panicked", Quoted(&joined.topic));
    }
    slot.joined = None;
    if reason == LeaveReason::Replaced {
        slot.replaced.push(joined.join_reference().cloned());
    }
    slot.drop_stale(joined, reason == LeaveReason::Left);
    match reason {
        LeaveReason::Crashed => joined.announce_crash(connection),
        // A leave that the handler did not answer is answered all the same.
        LeaveReason::Left => joined.answer_leave(connection, &Reply::ok(&())),
        LeaveReason::Closed | LeaveReason::Replaced | LeaveReason::Stopped => {}
    }
}

fn own(inbound: Inbound<'_>, topic: Arc<str>) -> ChannelEvent {
    ChannelEvent {
        topic,
        event: inbound.event.into(),
        payload: inbound.payload,
        reference: inbound.reference,
        join_reference: inbound.join_reference,
        overflow: None,
    }
}

fn end(reason: LeaveReason, topic: &Arc<str>) -> Input {
    let event = ChannelEvent::from_parts(Arc::clone(topic), "phx_leave", Payload::empty());
    Input::End(reason, event)
}
