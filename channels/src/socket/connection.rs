use super::{Bell, Inbox, JoinedTopic, Limits, Mailbox, Message, Ring, mailbox::Overflow};
use crate::{
    Payload, Reference, Reply,
    hub::{Hub, Membership},
    transport::{CloseCode, Timer, subprotocol::AuthToken},
    wire::{Content, Frame, Outbound, Serializer},
};
use std::{
    net::IpAddr,
    sync::{
        Arc, Weak,
        atomic::{AtomicU8, Ordering::Relaxed},
    },
};
use trillium::TypeSet;

/// What is known of a client from its handshake on.
#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) hub: Arc<Hub>,
    pub(crate) timer: Arc<dyn Timer>,
    pub(crate) serializer: Serializer,
    pub(crate) params: Payload,
    pub(crate) peer_ip: Option<IpAddr>,
    pub(crate) auth_token: Option<AuthToken>,
    /// What `Broadcaster::disconnect` knows it by.
    pub(crate) id: Option<Arc<str>>,
}

/// One connected client, as its handlers and tasks see it.
#[derive(Debug)]
pub(crate) struct Connection {
    /// First what every delivery looks at.
    pub(super) bell: Bell,
    pub(crate) mailbox: Mailbox,
    pub(crate) inbox: Inbox,
    pub(crate) session: Session,
    /// What trillium handlers before the upgrade and `connect` left for the handlers.
    pub(crate) state: TypeSet,
    /// What the shutdown of the server asks of the connection, a [`Duty`].
    duty: AtomicU8,
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
    pub(crate) fn new(session: Session, state: TypeSet, limits: Limits) -> Self {
        Self {
            bell: Bell::new(),
            mailbox: Mailbox::new(limits),
            inbox: Inbox::new(limits),
            session,
            state,
            duty: AtomicU8::new(Duty::Serve as u8),
        }
    }

    /// Queues a frame for the client. Never waits.
    pub(crate) fn push(&self, frame: Frame) {
        if let Some(ring) = self.mailbox.push(frame) {
            self.bell.ring(ring);
        }
    }

    /// Queues a message for the client. One that it cannot be told is left out.
    pub(crate) fn send(&self, message: &Outbound<'_>) {
        if let Some(frame) = self.encode(message) {
            self.push(frame);
        }
    }

    fn encode(&self, message: &Outbound<'_>) -> Option<Frame> {
        let encoded = self.session.serializer.encode(message);
        let (event, topic) = (message.event, message.topic);
        encoded
            .inspect_err(|error| log::error!("not sent: event `{event}` on `{topic}`: {error}"))
            .ok()
    }

    /// Gives a message to a joined topic of this connection. One that does not fit ends the
    /// connection, as a frame does that does not fit into the mailbox.
    pub(crate) fn tell(&self, joined: Weak<JoinedTopic>, message: Message) {
        match self.inbox.push(joined, message) {
            Ok(()) => self.bell.ring(Ring::Letter),
            Err(Overflow) => self.close(CloseCode::Overflow),
        }
    }

    pub(crate) fn reply(
        &self,
        join_reference: Option<&Reference>,
        reference: Option<&Reference>,
        topic: &str,
        reply: &Reply,
    ) {
        if let Some(frame) = self.encode_reply(join_reference, reference, topic, reply) {
            self.push(frame);
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
}
