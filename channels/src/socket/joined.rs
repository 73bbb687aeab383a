use super::{
    Connection, Reserved, SlotKey, discard,
    tasks::{NotSpawned, Tasks},
};
use crate::{
    hub::{Hears, Member, Membership},
    message::{event::ChannelEvent, payload::Payload, reference::Reference},
    overflow::Overflow,
    reply::{Reply, Stop},
    sync::{Mutex, MutexGuard},
    topic::Routes,
    watch::{self, JoinRefusal},
    wire::{Content, Outbound},
};
use futures_util::future::AbortHandle;
use serde::Serialize;
use smol_str::SmolStr;
use std::{any::Any, mem, sync::Arc};

/// One instance of a joined topic: from its `phx_join` to its end. In this order: first, and side by side,
/// what every message looks at.
#[derive(Debug)]
#[repr(C)]
pub(crate) struct JoinedTopic {
    pub(crate) topic: Arc<str>,
    /// Where its connection keeps it.
    pub(super) slot: SlotKey,
    pub(crate) routes: Routes,
    /// As the join carried it. The join reply and the announcement of the end go out with it.
    join_reference: Option<Reference>,
    progress: Mutex<Progress>,
    /// What the join keeps with the topic.
    state: Mutex<Option<Box<dyn Any + Send>>>,
    join: Option<Reference>,
    /// The instances that this one replaced, whose `phx_close` follows its join reply (J-7).
    replaced: Vec<Option<Reference>>,
    pub(crate) watch: watch::Topic,
}

/// In this order, as well.
#[derive(Debug)]
#[repr(C)]
struct Progress {
    phase: Phase,
    stop: Option<Stop>,
    /// What happens to broadcasts that do not fit, where the join has said it.
    overflow: Option<Overflow>,
    /// The connection is gone: there is nobody to hear anything.
    deaf: bool,
    membership: Option<Membership>,
    /// Boxed: few instances have any.
    extras: Option<Box<Extras>>,
    /// The events that do not go straight to the client.
    intercepted: Vec<SmolStr>,
    /// What the handler sent while its sends are held back.
    held: Vec<(Sending, Reserved)>,
    /// The `ref` of the `phx_leave`.
    leave: Option<Reference>,
}

/// What an instance may have besides, until it ends.
#[derive(Debug, Default)]
struct Extras {
    /// The other topics that it hears.
    subscriptions: Vec<Membership>,
    tasks: Tasks,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    /// The join is not decided; sends are held until it is, and dropped if it is refused.
    Joining,
    /// Nothing that the handler sends is sent any more.
    Refused,
    Live,
    /// The client has asked to leave and has no answer yet; sends are held until it has.
    Leaving,
    Ended,
}

#[derive(Debug)]
pub(crate) enum Sending {
    Push(ChannelEvent),
    Broadcast(ChannelEvent),
    BroadcastFrom(ChannelEvent),
    /// A broadcast that was intercepted, or what the handler made of it: to this client alone.
    Intercepted(ChannelEvent),
}

/// Why a channel ended, in the frame that says so.
#[derive(Serialize)]
struct Crash {
    reason: &'static str,
}

impl JoinedTopic {
    pub(super) fn new(
        slot: SlotKey,
        join: &ChannelEvent,
        routes: Routes,
        replaced: Vec<Option<Reference>>,
    ) -> Self {
        let (join_reference, reference) = (&join.join_reference, &join.reference);
        Self {
            topic: Arc::clone(&join.topic),
            slot,
            routes,
            join_reference: join_reference.clone(),
            join: reference.clone(),
            replaced,
            progress: Mutex::new(Progress {
                phase: Phase::Joining,
                membership: None,
                extras: None,
                intercepted: Vec::new(),
                overflow: None,
                held: Vec::new(),
                stop: None,
                leave: None,
                deaf: false,
            }),
            state: Mutex::default(),
            watch: watch::Topic::default(),
        }
    }

    /// How many bytes it keeps of what its client has chosen.
    pub(super) fn size_of_names(&self) -> usize {
        let own = [&self.join_reference, &self.join];
        let references = own.into_iter().chain(&self.replaced).flatten();
        self.topic.len() + references.map(Reference::len).sum::<usize>()
    }

    pub(super) fn join_reference(&self) -> Option<&Reference> {
        self.join_reference.as_ref()
    }

    /// What goes out with everything but the join reply and the end: the `join_ref`, else the join's
    /// `ref` (J-8).
    pub(crate) fn stamp(&self) -> Option<&Reference> {
        self.join_reference.as_ref().or(self.join.as_ref())
    }

    /// Whether a message with this `join_ref` is for this instance. Messages without one are, and
    /// so is any message if the join had none (M-10, M-11, L-3, L-4).
    pub(super) fn accepts(&self, join_reference: Option<&Reference>) -> bool {
        match (join_reference, &self.join_reference) {
            (Some(sent), Some(own)) => sent == own,
            _ => true,
        }
    }

    pub(crate) fn phase(&self) -> Phase {
        self.progress.lock().phase
    }

    /// Accepts the join: the reply, the `phx_close` of what it replaced, the place among the
    /// members, and only then what the handler sent meanwhile (J-1, J-7, O-1, O-2).
    pub(crate) fn accept(self: &Arc<Self>, connection: &Arc<Connection>, reply: &Reply) {
        if connection.is_too_large(&self.topic, reply) {
            let too_large = super::reply_too_large();
            return self.refuse(connection, JoinRefusal::Handler, &too_large);
        }
        let Some(mut progress) = self.lock_in(Phase::Joining) else {
            return;
        };
        self.answer_join(connection, self.join_reference(), reply);
        progress.phase = Phase::Live;
        let intercepted = mem::take(&mut progress.intercepted);
        let intercepted = (!intercepted.is_empty()).then(|| intercepted.into());
        let overflow = progress.overflow.unwrap_or(connection.config.overflow);
        progress.overflow = Some(overflow);
        if !progress.deaf {
            let hears = Hears::Out {
                overflow,
                intercepted,
            };
            let member = self.member(connection, hears);
            let membership = connection.hub().subscribe(&self.topic, &member);
            progress.membership = Some(membership.counted(self.watch.accepted(&self.routes)));
        }
        self.release(connection, &mut progress);
    }

    fn member(self: &Arc<Self>, connection: &Arc<Connection>, hears: Hears) -> Member {
        Member {
            connection: Arc::clone(connection),
            serializer: connection.session.serializer,
            joined: Arc::downgrade(self),
            hears,
        }
    }

    /// Broadcasts of this event are for the handler, not for the client; whether it is early enough
    /// to say so.
    pub(crate) fn intercept(&self, event: &str) -> bool {
        let progress = self.lock_in(Phase::Joining);
        let intercepted = progress.map(|mut progress| progress.intercepted.push(event.into()));
        intercepted.is_some()
    }

    /// What happens to broadcasts that do not fit; whether it is early enough to say so.
    pub(crate) fn overflow(&self, overflow: Overflow) -> bool {
        let progress = self.lock_in(Phase::Joining);
        let said = progress.map(|mut progress| progress.overflow = Some(overflow));
        said.is_some()
    }

    /// Hears what is broadcast on another topic, until the end of this instance.
    pub(crate) fn subscribe(self: &Arc<Self>, connection: &Arc<Connection>, topic: &str) {
        let mut progress = self.progress.lock();
        if progress.is_over() {
            return;
        }
        let subscriptions = &mut progress.extras.get_or_insert_default().subscriptions;
        if !subscriptions
            .iter()
            .any(|subscription| **subscription.topic() == *topic)
        {
            let member = self.member(connection, Hears::Info);
            subscriptions.push(connection.hub().subscribe(&topic.into(), &member));
        }
    }

    pub(crate) fn unsubscribe(&self, topic: &str) {
        if let Some(extras) = &mut self.progress.lock().extras {
            let subscriptions = &mut extras.subscriptions;
            subscriptions.retain(|subscription| **subscription.topic() != *topic);
        }
    }

    /// Keeps a task that is to end with the instance, and gives the key to remove it by.
    pub(super) fn add_task(&self, abort: &AbortHandle, most: usize) -> Result<usize, NotSpawned> {
        let mut progress = self.progress.lock();
        if progress.is_over() {
            return Err(NotSpawned::Ended);
        }
        let extras = progress.extras.get_or_insert_default();
        extras.tasks.add(abort, most)
    }

    pub(super) fn remove_task(&self, key: usize) {
        if let Some(extras) = &mut self.progress.lock().extras {
            extras.tasks.remove(key);
        }
    }

    /// Another handler is asked about the join: what the one before it sent, spawned or subscribed to is
    /// not this one's, and neither is what that one said about overflow.
    pub(crate) fn forget_held(&self) {
        let extras = self.lock_in(Phase::Joining).and_then(|mut progress| {
            progress.held.clear();
            progress.overflow = None;
            progress.extras.take()
        });
        // Outside of the lock: giving up a subscription takes the locks of the hub.
        drop(extras);
    }

    /// Refuses the join. What the handler sent meanwhile is never sent (J-3, B-3).
    pub(crate) fn refuse(&self, connection: &Connection, why: JoinRefusal, reply: &Reply) {
        self.refuse_as(connection, self.join_reference(), why, reply);
    }

    /// Refuses the join as one that no route leads to, with a null `join_ref` (J-4).
    pub(super) fn refuse_unmatched(&self, connection: &Connection) {
        let unmatched = JoinRefusal::Unmatched;
        self.refuse_as(connection, None, unmatched, &super::unmatched_topic());
    }

    fn refuse_as(
        &self,
        connection: &Connection,
        stamp: Option<&Reference>,
        why: JoinRefusal,
        reply: &Reply,
    ) {
        let extras = self.lock_in(Phase::Joining).and_then(|mut progress| {
            progress.phase = Phase::Refused;
            progress.held = Vec::new();
            self.watch.refused(connection, self, why);
            self.answer_join(connection, stamp, reply);
            progress.extras.take()
        });
        drop(extras);
    }

    fn answer_join(&self, connection: &Connection, stamp: Option<&Reference>, reply: &Reply) {
        connection.reply(stamp, self.join.as_ref(), &self.topic, reply);
        for replaced in &self.replaced {
            self.announce(
                connection,
                replaced.as_ref(),
                "phx_close",
                &Payload::empty(),
            );
        }
    }

    /// The instance hears nothing any more, even if its handler never comes to an end, and its tasks end.
    pub(super) fn deafen(&self) {
        let heard = {
            let mut progress = self.progress.lock();
            progress.deaf = true;
            (progress.membership.take(), progress.extras.take())
        };
        // Outside of the lock: giving up a membership takes the locks of the hub.
        drop(heard);
    }

    /// The instance stops being a member, and its tasks end.
    pub(super) fn end(&self) {
        self.end_as(Phase::Ended, None);
    }

    /// The instance stops being a member because the client asked for it. Sends are held until it
    /// has its answer.
    pub(super) fn begin_leave(&self, leave: Option<&Reference>) {
        self.end_as(Phase::Leaving, leave);
    }

    fn end_as(&self, phase: Phase, leave: Option<&Reference>) {
        let ended = {
            let mut progress = self.progress.lock();
            progress.phase = phase;
            progress.leave = leave.cloned();
            (progress.membership.take(), progress.extras.take())
        };
        // Outside of the lock: giving up a membership takes the locks of the hub.
        drop(ended);
    }

    /// Answers a `phx_leave`, says that the channel is closed, and lets go what was held (L-1).
    pub(crate) fn answer_leave(&self, connection: &Connection, reply: &Reply) {
        if let Some(mut progress) = self.lock_in(Phase::Leaving) {
            progress.phase = Phase::Ended;
            self.reply(connection, progress.leave.as_ref(), reply);
            self.announce_close(connection);
            self.release(connection, &mut progress);
        }
    }

    pub(super) fn announce_close(&self, connection: &Connection) {
        let join_reference = self.join_reference();
        self.announce(connection, join_reference, "phx_close", &Payload::empty());
    }

    pub(super) fn announce_crash(&self, connection: &Connection) {
        let crash = Reply::error(&Crash {
            reason: "channel_crash",
        });
        let join_reference = self.join_reference();
        self.announce(connection, join_reference, "phx_error", crash.response());
    }

    fn announce(
        &self,
        connection: &Connection,
        join_reference: Option<&Reference>,
        event: &str,
        payload: &Payload,
    ) {
        connection.announce_end(join_reference, &self.topic, event, payload);
    }

    /// Answers one of this instance's messages, at any time (M-1, M-5).
    pub(crate) fn reply(
        &self,
        connection: &Connection,
        reference: Option<&Reference>,
        reply: &Reply,
    ) {
        connection.reply(self.stamp(), reference, &self.topic, reply);
    }

    /// Sends now, or when the join or leave that is going on has been answered.
    pub(crate) fn send(&self, connection: &Arc<Connection>, sending: Sending) {
        let mut progress = self.progress.lock();
        match progress.phase {
            Phase::Joining | Phase::Leaving => hold(connection, &mut progress.held, sending),
            Phase::Refused => {}
            Phase::Live | Phase::Ended => {
                self.deliver(connection, &progress, &sending);
            }
        }
    }

    fn release(&self, connection: &Connection, progress: &mut Progress) {
        for (sending, reserved) in mem::take(&mut progress.held) {
            // It counts where it is going to.
            drop(reserved);
            self.deliver(connection, progress, &sending);
        }
    }

    fn deliver(&self, connection: &Connection, progress: &Progress, sending: &Sending) {
        let member_of = |topic: &Arc<str>| {
            let member = progress.membership.as_ref();
            member.filter(|member| *member.topic() == *topic)
        };
        match sending {
            Sending::Push(event) => connection.send(&self.outbound(event)),
            Sending::Intercepted(event) => {
                let overflow = event.overflow.or(progress.overflow);
                match (member_of(&event.topic), overflow) {
                    (Some(member), Some(overflow)) => {
                        connection.pass_on(&self.outbound(event), overflow, member.room());
                    }
                    _ => connection.send(&self.outbound(event)),
                }
            }
            Sending::Broadcast(event) | Sending::BroadcastFrom(event) => {
                let but_me = matches!(sending, Sending::BroadcastFrom(_));
                match member_of(&event.topic) {
                    Some(member) => member.broadcast(event, but_me),
                    None => connection.hub().broadcast(event),
                }
            }
        }
    }

    /// An event as a push to this client.
    fn outbound<'a>(&'a self, event: &'a ChannelEvent) -> Outbound<'a> {
        Outbound {
            // A push on a foreign topic must not carry a join_ref of this one.
            join_reference: self.stamp().filter(|_| event.topic == self.topic),
            reference: None,
            topic: &event.topic,
            event: &event.event,
            content: Content::Push(&event.payload),
        }
    }

    /// Asks for the end of this instance once its handler has returned.
    pub(crate) fn stop(&self, stop: Stop) {
        self.progress.lock().stop = Some(stop);
    }

    pub(super) fn take_stop(&self) -> Option<Stop> {
        self.progress.lock().stop.take()
    }

    /// The progress, if the instance is in this phase: of two decisions the first one counts.
    fn lock_in(&self, phase: Phase) -> Option<MutexGuard<'_, Progress>> {
        let progress = self.progress.lock();
        (progress.phase == phase).then_some(progress)
    }

    /// What is kept with the topic; empty while it is lent to a handler.
    pub(crate) fn state(&self) -> MutexGuard<'_, Option<Box<dyn Any + Send>>> {
        self.state.lock()
    }
}

impl Sending {
    fn event(&self) -> &ChannelEvent {
        match self {
            Self::Push(event)
            | Self::Broadcast(event)
            | Self::BroadcastFrom(event)
            | Self::Intercepted(event) => event,
        }
    }
}

/// Keeps something until it may be sent. If the connection has no room for it, it ends.
fn hold(connection: &Arc<Connection>, held: &mut Vec<(Sending, Reserved)>, sending: Sending) {
    let event = sending.event();
    let size = size_of::<(Sending, Reserved)>() + event.size();
    match Reserved::new(connection, size) {
        Some(reserved) => held.push((sending, reserved)),
        None => connection.overflow(&event.topic, &event.event),
    }
}

impl Progress {
    /// Whether nothing that belongs to the instance may begin any more.
    fn is_over(&self) -> bool {
        self.deaf || !matches!(self.phase, Phase::Joining | Phase::Live)
    }
}

impl Drop for JoinedTopic {
    fn drop(&mut self) {
        discard(mem::take(&mut self.state));
    }
}
