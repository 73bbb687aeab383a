use super::{Bell, Broadcast, Budget, Inbox, JoinedTopic, Mailbox, Message, Ring};
use crate::{
    admission::subprotocol::AuthToken,
    clock::Timer,
    close::CloseCode,
    config::Config,
    hub::{Hub, Membership, Room},
    limits::Allowance,
    logging::{Excerpt, Quoted},
    message::{event::ChannelEvent, payload::Payload, reference::Reference},
    overflow::{Overflow, Overflowed},
    reply::Reply,
    watch,
    wire::{Content, Frame, Outbound, Serializer},
};
use std::{
    net::IpAddr,
    sync::{
        Arc, OnceLock, Weak,
        atomic::{AtomicU8, Ordering::Relaxed},
    },
    time::Instant,
};
use trillium::TypeSet;

/// Bytes that a reply may have whatever is set, so that what went wrong can be said.
const LEAST: usize = 64;

/// What is known of a client from its handshake on. In this order, as the [`Connection`] is.
#[derive(Debug)]
#[repr(C)]
pub(crate) struct Session {
    pub(crate) hub: Arc<Hub>,
    pub(crate) serializer: Serializer,
    pub(crate) timer: Arc<dyn Timer>,
    pub(crate) params: Payload,
    pub(crate) peer_ip: Option<IpAddr>,
    pub(crate) auth_token: Option<AuthToken>,
    /// What `Broadcaster::disconnect` knows it by.
    pub(crate) id: Option<Arc<str>>,
}

/// One connected client, as its handlers and tasks see it. In this order: first, and side by side, what
/// every delivery looks at.
#[derive(Debug)]
#[repr(C)]
pub(crate) struct Connection {
    pub(crate) budget: Budget,
    pub(crate) mailbox: Mailbox,
    pub(super) bell: Bell,
    pub(crate) session: Session,
    pub(crate) inbox: Inbox,
    pub(crate) config: Arc<Config>,
    /// What trillium handlers before the upgrade and `connect` left for the handlers.
    pub(crate) state: TypeSet,
    /// What the shutdown of the server asks of the connection, a [`Duty`].
    duty: AtomicU8,
    /// What is left of the rates of the client, from the first time that there is one to look at.
    allowance: OnceLock<Arc<Allowance>>,
}

/// What is left to do for a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd)]
#[repr(u8)]
enum Duty {
    Serve,
    /// To finish what its client has asked for, and then to end.
    Finish,
    /// Nothing.
    Abandoned,
}

impl Connection {
    pub(crate) fn new(session: Session, state: TypeSet, config: &Arc<Config>) -> Self {
        Self {
            bell: Bell::new(),
            budget: Budget::new(config.budget()),
            mailbox: Mailbox::new(config.mailbox),
            inbox: Inbox::new(config.mailbox),
            session,
            config: Arc::clone(config),
            state,
            duty: AtomicU8::new(Duty::Serve as u8),
            allowance: OnceLock::new(),
        }
    }

    /// How many bytes are kept for the connection, or wait for it.
    pub(crate) fn kept(&self) -> usize {
        self.budget.used() + self.mailbox.bytes()
    }

    /// Broadcasts that the client may miss make room for what it asks for.
    pub(super) fn give_way(&self) {
        let dropped = |overflow, lost: &Broadcast| self.miss(overflow, &lost.room, &lost.event);
        self.mailbox.give_way(self.budget.left(), dropped);
    }

    /// Queues a frame for the client. Never waits. If it does not fit, the connection ends, and topic
    /// and event are asked for to say what it was.
    pub(crate) fn push<'a>(&self, frame: Frame, what: impl FnOnce() -> (&'a str, &'a str)) {
        let dropped = |overflow, lost: &Broadcast| self.miss(overflow, &lost.room, &lost.event);
        if let Some(ring) = self.mailbox.push(frame, self.budget.left(), dropped) {
            if ring == Ring::End {
                let (topic, event) = what();
                self.note_overflow(topic, event);
            }
            self.bell.ring(ring);
        }
    }

    /// Queues a broadcast that the client may miss. Never waits.
    pub(crate) fn push_broadcast(&self, overflow: Overflow, broadcast: &Arc<Broadcast>) {
        let dropped = |overflow, lost: &Broadcast| self.miss(overflow, &lost.room, &lost.event);
        let left = self.budget.left();
        let ring = self
            .mailbox
            .push_broadcast(overflow, broadcast, left, dropped);
        if let Some(ring) = ring {
            self.bell.ring(ring);
        }
    }

    /// The client misses a broadcast.
    #[cold]
    fn miss(&self, overflow: Overflow, room: &Room, event: &str) {
        room.count_drop(overflow);
        self.hub().losses.count(overflow);
        self.note(overflow, room.name(), event);
    }

    #[cold]
    fn note_overflow(&self, topic: &str, event: &str) {
        self.hub().count_overflow(topic);
        self.note(Overflow::Disconnect, topic, event);
    }

    fn note(&self, overflow: Overflow, topic: &str, event: &str) {
        log::debug!(
            "a client does not keep up with {}: {overflow:?}, {}",
            Quoted(topic),
            Quoted(event)
        );
        if let Some(whom) = &self.config.on_overflow {
            let overflowed = Overflowed {
                topic: topic.into(),
                event: event.into(),
                overflow,
                socket_id: self.session.id.clone(),
            };
            self.hub().losses.note(whom, overflowed);
        }
    }

    /// Queues a message for the client. One that it cannot be told is left out.
    pub(crate) fn send(&self, message: &Outbound<'_>) {
        if let Some(frame) = self.encode(message) {
            self.push(frame, || (message.topic, message.event));
        }
    }

    /// The same for what the handler makes of a broadcast, which is dropped where that would be.
    pub(crate) fn pass_on(&self, message: &Outbound<'_>, overflow: Overflow, room: &Arc<Room>) {
        match (self.encode(message), overflow) {
            (None, _) => {}
            (Some(frame), Overflow::Disconnect) => {
                self.push(frame, || (message.topic, message.event));
            }
            (Some(frame), _) => {
                let broadcast = Broadcast {
                    frame,
                    room: Arc::clone(room),
                    event: message.event.into(),
                };
                self.push_broadcast(overflow, &Arc::new(broadcast));
            }
        }
    }

    fn encode(&self, message: &Outbound<'_>) -> Option<Frame> {
        let encoded = self.session.serializer.encode(message);
        let (event, topic) = (message.event, message.topic);
        encoded
            .inspect_err(|error| {
                if let Some(others) = self.hub().throttles.unsent.admit(self.session.timer.now()) {
                    let (event, topic, error) = (Quoted(event), Quoted(topic), Excerpt(error));
                    log::error!("not sent: event {event} on {topic}: {error}{others}");
                }
            })
            .ok()
    }

    /// Gives a message to a joined topic of this connection. One that does not fit ends the
    /// connection, as a frame does that does not fit into the mailbox.
    pub(crate) fn tell(self: &Arc<Self>, joined: &Weak<JoinedTopic>, message: Message) {
        match self.push_letter(Weak::clone(joined), message) {
            Ok(()) => self.bell.ring(Ring::Letter),
            Err(unheard) => match (unheard.event(), joined.upgrade()) {
                (Some(event), _) => self.overflow(&event.topic, &event.event),
                (None, Some(joined)) => self.overflow(&joined.topic, ""),
                (None, None) => self.overflow("", ""),
            },
        }
    }

    /// Gives a broadcast to the handler instead of the client. What waits for a handler stays: it is
    /// this one that is dropped if it does not fit and may be.
    pub(crate) fn tell_out(
        self: &Arc<Self>,
        joined: &Weak<JoinedTopic>,
        event: &ChannelEvent,
        overflow: Overflow,
        room: &Room,
    ) {
        let message = Message::Out(event.clone());
        match self.push_letter(Weak::clone(joined), message) {
            Ok(()) => self.bell.ring(Ring::Letter),
            Err(_) if overflow == Overflow::Disconnect => self.overflow(room.name(), &event.event),
            Err(_) => self.miss(overflow, room, &event.event),
        }
    }

    /// Ends the connection because something did not fit.
    pub(super) fn overflow(&self, topic: &str, event: &str) {
        if let Some(ring) = self.mailbox.end(CloseCode::Overflow) {
            self.note_overflow(topic, event);
            self.bell.ring(ring);
        }
    }

    /// Whether a reply has more bytes than may be sent. It is logged.
    pub(super) fn is_too_large(&self, topic: &str, reply: &Reply) -> bool {
        let (size, most) = (reply.response().len(), self.config.max_outgoing_size);
        // What is said instead always may.
        let is_too_large = size > most.max(LEAST);
        if is_too_large
            && let Some(others) = self.hub().throttles.unsent.admit(self.session.timer.now())
        {
            let topic = Quoted(topic);
            log::error!(
                "not sent: a reply on {topic} has {size} bytes, and {most} may be sent{others}"
            );
        }
        is_too_large
    }

    pub(crate) fn reply(
        &self,
        join_reference: Option<&Reference>,
        reference: Option<&Reference>,
        topic: &str,
        reply: &Reply,
    ) {
        if self.is_too_large(topic, reply) {
            let too_large = super::reply_too_large();
            return self.reply(join_reference, reference, topic, &too_large);
        }
        if let Some(frame) = self.encode_reply(join_reference, reference, topic, reply) {
            self.push(frame, || (topic, "phx_reply"));
        }
    }

    pub(crate) fn encode_reply(
        &self,
        join_reference: Option<&Reference>,
        reference: Option<&Reference>,
        topic: &str,
        reply: &Reply,
    ) -> Option<Frame> {
        self.encode(&Outbound {
            join_reference,
            reference,
            topic,
            event: "phx_reply",
            content: Content::Reply {
                status: reply.status(),
                response: reply.response(),
            },
        })
    }

    /// `phx_close` or `phx_error`: the end of a channel instance, named by the `join_ref` that its
    /// join carried (L-1, E-1). It is the one kind of message that a version 1 client gets the
    /// `join_ref` of, as its `ref`.
    pub(crate) fn announce_end(
        &self,
        join_reference: Option<&Reference>,
        topic: &str,
        event: &str,
        payload: &Payload,
    ) {
        self.send(&Outbound {
            join_reference,
            reference: join_reference,
            topic,
            event,
            content: Content::Push(payload),
        });
    }

    /// What is left of the rates of the client.
    pub(crate) fn allowance(&self, now: Instant) -> &Allowance {
        self.allowance.get_or_init(|| {
            let Session { id, peer_ip, .. } = &self.session;
            let clients = &self.hub().clients;
            clients.of_connection(&self.config, id.as_ref(), *peer_ip, now)
        })
    }

    /// Lets `Broadcaster::disconnect` find the connection, as long as this is kept.
    pub(crate) fn identify(self: &Arc<Self>) -> Option<Membership> {
        let id = self.session.id.as_ref()?;
        Some(self.hub().identify(id, self))
    }

    /// Ends the connection, behind what is queued for its client.
    pub(crate) fn close(&self, code: CloseCode) {
        if let Some(ring) = self.mailbox.end(code) {
            self.bell.ring(ring);
        }
    }

    /// Lets the connection finish what is under way, and then ends it: the server shuts down.
    pub(crate) fn retire(&self) {
        self.duty.fetch_max(Duty::Finish as u8, Relaxed);
        self.bell.ring(Ring::End);
    }

    pub(super) fn is_retiring(&self) -> bool {
        self.duty.load(Relaxed) >= Duty::Finish as u8
    }

    /// Lets the task of the connection end without waiting for its handlers.
    pub(crate) fn abandon(&self) {
        self.duty.store(Duty::Abandoned as u8, Relaxed);
        self.bell.wake();
    }

    pub(super) fn is_abandoned(&self) -> bool {
        self.duty.load(Relaxed) == Duty::Abandoned as u8
    }

    pub(crate) fn hub(&self) -> &Arc<Hub> {
        &self.session.hub
    }

    pub(crate) fn watch(&self) -> &watch::Hub {
        &self.hub().watch
    }
}
