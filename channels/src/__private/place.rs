//! Which arguments a method may have, by the attribute on it.

use super::role::{
    Anywhere, Asked, Broadcast, Decoded, Ending, Extractor, InTopic, Message, Opaque,
};

/// The attributes, as types.
#[derive(Clone, Copy, Debug)]
pub struct ConnectMethod;

/// See [`ConnectMethod`].
#[derive(Clone, Copy, Debug)]
pub struct JoinMethod;

/// See [`ConnectMethod`].
#[derive(Clone, Copy, Debug)]
pub struct OnMethod;

/// See [`ConnectMethod`].
#[derive(Clone, Copy, Debug)]
pub struct LeaveMethod;

/// See [`ConnectMethod`].
#[derive(Clone, Copy, Debug)]
pub struct InterceptMethod;

/// See [`ConnectMethod`].
#[derive(Clone, Copy, Debug)]
pub struct InfoMethod;

/// See [`ConnectMethod`].
#[derive(Clone, Copy, Debug)]
pub struct DisconnectMethod;

/// A client waits for what the method answers.
#[diagnostic::on_unimplemented(
    message = "`ReplyTo` answers an event of a client, so only an `#[on]` method takes it",
    label = "there is nothing to reply to here",
    note = "an `#[on]` method answers later: `async fn name(&self, reply: ReplyTo)`; a `#[join]` method answers by what it returns: `Result<T, E>`"
)]
pub trait Answers {}

#[diagnostic::do_not_recommend]
impl Answers for OnMethod {}
// Programs were allowed to say it: the method does not run, and logs why.
#[diagnostic::do_not_recommend]
impl Answers for InfoMethod {}

/// The method runs because its topic ends.
#[diagnostic::on_unimplemented(
    message = "`LeaveReason` says why a topic has ended, so only a `#[leave]` method takes it",
    label = "the topic has not ended here",
    note = "write a method for the end: `#[leave(\"topic\")] async fn left(&self, reason: LeaveReason)`"
)]
pub trait Ends {}

#[diagnostic::do_not_recommend]
impl Ends for LeaveMethod {}

/// The method is one of a topic.
#[diagnostic::on_unimplemented(
    message = "a `Pusher` sends to a joined topic, so only methods of a topic take it",
    label = "there is no topic here",
    note = "`conn.broadcaster()` sends to any topic: `async fn name(&self, conn: ChannelConn<'_>)`"
)]
pub trait HasTopic {}

#[diagnostic::do_not_recommend]
impl HasTopic for JoinMethod {}
#[diagnostic::do_not_recommend]
impl HasTopic for OnMethod {}
#[diagnostic::do_not_recommend]
impl HasTopic for LeaveMethod {}
#[diagnostic::do_not_recommend]
impl HasTopic for InterceptMethod {}
#[diagnostic::do_not_recommend]
impl HasTopic for InfoMethod {}

/// The method runs for something that has a payload.
#[diagnostic::on_unimplemented(
    message = "a `#[leave]` method has no payload: a topic also ends without a message of its client",
    label = "there is nothing to decode this from",
    note = "it takes why the topic has ended, and its state: `async fn left(&self, state: &State, reason: LeaveReason)`"
)]
pub trait HasPayload {}

#[diagnostic::do_not_recommend]
impl HasPayload for ConnectMethod {}
#[diagnostic::do_not_recommend]
impl HasPayload for JoinMethod {}
#[diagnostic::do_not_recommend]
impl HasPayload for OnMethod {}
#[diagnostic::do_not_recommend]
impl HasPayload for InterceptMethod {}
#[diagnostic::do_not_recommend]
impl HasPayload for InfoMethod {}
#[diagnostic::do_not_recommend]
impl HasPayload for DisconnectMethod {}

impl Message<Decoded> {
    /// Checks that a method of this kind has a payload.
    pub fn belongs_to<Kind: HasPayload>(self, _: Kind) -> Self {
        self
    }
}

impl Message<Opaque> {
    /// Whether it is anything at all is asked elsewhere.
    pub fn belongs_to<Kind>(self, _: Kind) -> Self {
        self
    }
}

impl Broadcast {
    /// Every method has an event.
    pub fn belongs_to<Kind>(self, _: Kind) -> Self {
        self
    }
}

impl Extractor<Anywhere> {
    /// Every method may take it.
    pub fn belongs_to<Kind>(self, _: Kind) -> Self {
        self
    }
}

impl Extractor<Asked> {
    /// Checks that a method of this kind answers a client.
    pub fn belongs_to<Kind: Answers>(self, _: Kind) -> Self {
        self
    }
}

impl Extractor<Ending> {
    /// Checks that a method of this kind runs at the end of a topic.
    pub fn belongs_to<Kind: Ends>(self, _: Kind) -> Self {
        self
    }
}

impl Extractor<InTopic> {
    /// Checks that a method of this kind is one of a topic.
    pub fn belongs_to<Kind: HasTopic>(self, _: Kind) -> Self {
        self
    }
}
