use super::{JoinedTopic, inbox::Letter, inputs::Inputs};
use crate::{
    config::Config,
    end::LeaveReason,
    message::{event::ChannelEvent, reference::Reference},
};
use foldhash::fast::RandomState;
use futures_util::future::AbortHandle;
use slab::Slab;
use std::{collections::HashMap, sync::Arc, time::Instant};

/// The topics that a connection has joined or is about to. In this order, as the [`JoinedTopic`] is.
#[repr(C)]
pub(super) struct Slots {
    /// The topic whose queue has no room: nothing is read before it has.
    full: Option<SlotKey>,
    /// The topic of the message before, which mostly is that of the next one, too.
    recent: SlotKey,
    slab: Slab<Slot>,
    /// A client that finds names of one hash slows down itself alone.
    by_topic: HashMap<Arc<str>, SlotKey, RandomState>,
    /// What all topics together keep.
    kept: Kept,
}

/// What topics keep for their client.
#[derive(Clone, Copy, Debug, Default)]
struct Kept {
    /// Joined, or about to be.
    instances: usize,
    /// Bytes of their names and references, for as long as they are joined.
    names: usize,
    /// Bytes of what the client has sent that waits for handlers or is with them.
    inputs: usize,
}

/// Finds a topic without its name, as long as it has something to do or an instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SlotKey(usize);

/// One topic of a connection: its instance, and what waits for it. In this order, as the [`JoinedTopic`] is.
#[repr(C)]
pub(super) struct Slot {
    pub(super) topic: Arc<str>,
    pub(super) joined: Option<Arc<JoinedTopic>>,
    /// What the call under way is for.
    pub(super) running: Option<Running>,
    pub(super) queue: Inputs,
    /// Bytes of what that call was given.
    pub(super) given: usize,
    /// Cuts that call off, if it waits for something.
    pub(super) abort: Option<AbortHandle>,
    /// How long it may wait.
    pub(super) limit: Option<Box<Limit>>,
    /// Instances that were replaced and not yet announced as closed.
    pub(super) replaced: Vec<Option<Reference>>,
}

/// The end of a call that waits too long.
pub(super) struct Limit {
    pub(super) deadline: Instant,
    /// The `ref` of what it is to answer.
    pub(super) asked: Option<Reference>,
}

/// Something for a handler to do, in the order in which it came.
#[derive(Debug)]
pub(super) enum Input {
    Join(ChannelEvent),
    Event(ChannelEvent),
    /// From inside the server.
    Letter(Letter),
    /// The end of the instance; the event is the client's `phx_leave`, or one made up.
    End(LeaveReason, ChannelEvent),
}

/// What a handler is called for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Running {
    Join,
    Event,
    Letter,
    End(LeaveReason),
}

impl Slots {
    pub(super) fn new() -> Self {
        Self {
            slab: Slab::new(),
            by_topic: HashMap::default(),
            recent: SlotKey(0),
            kept: Kept::default(),
            full: None,
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.slab.is_empty()
    }

    /// Whether the connection may join one more topic, not counting so many joins whose turn has not come (LIM-1). It
    /// may not where the names would take up what it needs for messages: only a leave would give it back.
    pub(super) fn have_room(&self, not_asked: usize, config: &Config) -> bool {
        let Kept {
            instances, names, ..
        } = self.kept;
        instances - not_asked < config.max_topics && names <= config.budget() / 8
    }

    /// How many bytes are kept for what the client has sent.
    pub(super) fn kept(&self) -> usize {
        self.kept.names + self.kept.inputs
    }

    /// The topics whose call should be over by now.
    pub(super) fn overdue(&self, now: Instant) -> Vec<SlotKey> {
        let is_overdue = |slot: &Slot| slot.deadline().is_some_and(|deadline| deadline <= now);
        let overdue = self.slab.iter().filter(|(_, slot)| is_overdue(slot));
        overdue.map(|(key, _)| SlotKey(key)).collect()
    }

    /// Cuts off all calls that wait for something.
    pub(super) fn abort_all(&self) {
        let slots = self.slab.iter();
        let aborts = slots.filter_map(|(_, slot)| slot.abort.as_ref());
        aborts.for_each(AbortHandle::abort);
    }

    /// The next time at which a call should be over.
    pub(super) fn next_deadline(&self) -> Option<Instant> {
        let slots = self.slab.iter();
        slots.filter_map(|(_, slot)| slot.deadline()).min()
    }

    pub(super) fn keys(&self) -> Vec<SlotKey> {
        self.slab.iter().map(|(key, _)| SlotKey(key)).collect()
    }

    /// A topic, and its name as the table has it, so that its text is shared.
    pub(super) fn find(&mut self, topic: &str) -> Option<(SlotKey, Arc<str>)> {
        let recent = self.slab.get(self.recent.0);
        if recent.is_none_or(|slot| *slot.topic != *topic) {
            self.recent = *self.by_topic.get(topic)?;
        }
        let slot = self.slab.get(self.recent.0)?;
        Some((self.recent, Arc::clone(&slot.topic)))
    }

    pub(super) fn get(&self, key: SlotKey) -> Option<&Slot> {
        self.slab.get(key.0)
    }

    pub(super) fn get_mut(&mut self, key: SlotKey) -> Option<&mut Slot> {
        self.slab.get_mut(key.0)
    }

    /// Changes what a topic keeps.
    pub(super) fn change<R>(
        &mut self,
        key: SlotKey,
        change: impl FnOnce(&mut Slot) -> R,
    ) -> Option<R> {
        let slot = self.slab.get_mut(key.0)?;
        let before = slot.kept();
        let result = change(slot);
        let now = slot.kept();
        let Kept {
            instances,
            names,
            inputs,
        } = &mut self.kept;
        *instances = *instances + now.instances - before.instances;
        *names = *names + now.names - before.names;
        *inputs = *inputs + now.inputs - before.inputs;
        Some(result)
    }

    /// Makes a place for a topic that has none.
    pub(super) fn insert(&mut self, topic: &Arc<str>) -> SlotKey {
        if self.slab.is_empty() {
            // Most clients join one topic.
            self.slab.reserve_exact(1);
        }
        let key = SlotKey(self.slab.insert(Slot::new(topic)));
        self.by_topic.insert(Arc::clone(topic), key);
        key
    }

    pub(super) fn remove(&mut self, key: SlotKey) {
        if let Some(slot) = self.slab.try_remove(key.0) {
            self.by_topic.remove(&slot.topic);
        }
    }

    /// Queues an input behind what the topic has to do already.
    pub(super) fn enqueue(&mut self, key: SlotKey, input: Input, config: &Config) {
        let is_full = self.change(key, |slot| {
            slot.queue.push_back(input);
            slot.is_full(config)
        });
        if is_full == Some(true) {
            self.full = Some(key);
        }
    }

    /// Whether a queue is full, so that the client has to wait.
    pub(super) fn are_full(&self, config: &Config) -> bool {
        let full = self.full.and_then(|key| self.get(key));
        full.is_some_and(|slot| slot.is_full(config))
    }
}

impl Input {
    /// What a client has sent.
    fn event(&self) -> Option<&ChannelEvent> {
        match self {
            Self::Join(event) | Self::Event(event) | Self::End(_, event) => Some(event),
            Self::Letter(_) => None,
        }
    }

    /// What a handler is called for.
    pub(super) fn running(&self) -> Running {
        match self {
            Self::Join(_) => Running::Join,
            Self::Event(_) => Running::Event,
            Self::Letter(_) => Running::Letter,
            Self::End(reason, _) => Running::End(*reason),
        }
    }

    /// How many bytes of memory it takes, if it is the client's.
    pub(super) fn size(&self) -> usize {
        self.event()
            .map_or(0, |event| size_of::<Self>() + event.size())
    }

    /// What a client has sent, or the broadcast that is intercepted.
    pub(super) fn content(&self) -> Option<&ChannelEvent> {
        match self {
            Self::Letter(letter) => letter.intercepted(),
            _ => self.event(),
        }
    }

    /// The `ref` that its answer goes to.
    pub(super) fn reference(&self) -> Option<&Reference> {
        self.event()?.reference()
    }
}

impl Slot {
    fn new(topic: &Arc<str>) -> Self {
        Self {
            topic: Arc::clone(topic),
            joined: None,
            queue: Inputs::default(),
            given: 0,
            running: None,
            abort: None,
            limit: None,
            replaced: Vec::new(),
        }
    }

    /// Whether there is nothing that another input has to wait for.
    pub(super) fn is_idle(&self) -> bool {
        self.running.is_none() && self.queue.is_empty()
    }

    fn deadline(&self) -> Option<Instant> {
        self.limit.as_ref().map(|limit| limit.deadline)
    }

    /// Whether this is the instance that has the topic.
    pub(super) fn holds(&self, joined: &Arc<JoinedTopic>) -> bool {
        let holds = |own| Arc::ptr_eq(own, joined);
        self.joined.as_ref().is_some_and(holds)
    }

    /// Letters do not count: the client is not to wait for what others have sent.
    fn is_full(&self, config: &Config) -> bool {
        self.queue.count() >= config.topic_queue || self.queue.bytes() >= config.max_message_size
    }

    fn kept(&self) -> Kept {
        let joined = self.joined.as_deref();
        Kept {
            instances: usize::from(joined.is_some()),
            names: joined.map_or(0, JoinedTopic::size_of_names),
            inputs: self.queue.bytes() + self.given,
        }
    }

    /// Whether an end of the instance is under way or waiting: the client has left, as far as it
    /// knows.
    pub(super) fn is_ending(&self) -> bool {
        matches!(self.running, Some(Running::End(_))) || self.queue.have_end()
    }

    /// Drops what waits for an instance that has ended, up to the next join: its events, as Phoenix
    /// does, and, where it has been left, further leaves of it, which are answered once (L-6).
    pub(super) fn drop_stale(&mut self, ended: &JoinedTopic, left: bool) {
        let mut stale = true;
        self.queue.retain(|input| {
            stale &= !matches!(input, Input::Join(_));
            let drop = match input {
                Input::Event(_) | Input::Letter(_) => true,
                Input::End(LeaveReason::Left, leave) => {
                    left && ended.accepts(leave.join_reference())
                }
                Input::Join(_) | Input::End(..) => false,
            };
            !(stale && drop)
        });
    }
}
