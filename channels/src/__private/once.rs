//! What a method may take only once: the payload, and the reply to its event.

use super::role::{
    Anywhere, Asked, Broadcast, Decoded, Ending, Extractor, InTopic, Message, Opaque, Probe,
};
use crate::reply::IntoReply;
use std::marker::PhantomData;

/// What the arguments so far have taken.
#[derive(Debug)]
pub struct Taken<Payload, Reply>(PhantomData<(Payload, Reply)>);

/// Nobody has taken it.
#[derive(Debug)]
pub enum Free {}

/// An argument has taken it.
#[derive(Debug)]
pub enum Gone {}

/// Before the first argument.
pub const fn nothing_taken() -> Taken<Free, Free> {
    Taken(PhantomData)
}

/// The payload is there for one argument.
#[diagnostic::on_unimplemented(
    message = "a method takes one payload, and this is the second",
    label = "the payload is taken already",
    note = "put the fields of both into one type with `#[derive(serde::Deserialize)]`"
)]
pub trait FirstPayload {}

#[diagnostic::do_not_recommend]
impl FirstPayload for Free {}

/// The reply is there for one argument.
#[diagnostic::on_unimplemented(
    message = "a method takes one `ReplyTo`, and this is the second",
    label = "an event is answered once",
    note = "take one: `async fn name(&self, reply: ReplyTo)`"
)]
pub trait FirstReply {}

#[diagnostic::do_not_recommend]
impl FirstReply for Free {}

impl Message<Decoded> {
    /// Takes the payload.
    pub fn take<P: FirstPayload, R>(self, _: Taken<P, R>) -> Taken<Gone, R> {
        Taken(PhantomData)
    }
}

impl Extractor<Asked> {
    /// Takes the reply.
    pub fn take<P, R: FirstReply>(self, _: Taken<P, R>) -> Taken<P, Gone> {
        Taken(PhantomData)
    }
}

macro_rules! shared {
    ($($role:ty)*) => {
        $(
            impl $role {
                /// Takes nothing that others want.
                pub fn take<P, R>(self, taken: Taken<P, R>) -> Taken<P, R> {
                    taken
                }
            }
        )*
    };
}

shared! { Message<Opaque> Broadcast Extractor<Anywhere> Extractor<Ending> Extractor<InTopic> }

/// What a method returns that is a reply.
#[derive(Debug)]
pub struct Replies<O>(PhantomData<O>);

/// What a method returns that is none, about which others complain.
#[derive(Debug)]
pub struct NoReply;

/// Asks what a method returns: `(&&Probe::of(&output)).replies()`.
pub trait ViaReply<O> {
    /// It is a reply.
    fn replies(&self) -> Replies<O> {
        Replies(PhantomData)
    }
}

impl<O: IntoReply> ViaReply<O> for &Probe<O> {}

/// Everything else.
pub trait ViaNoReply {
    /// It is no reply.
    fn replies(&self) -> NoReply {
        NoReply
    }
}

impl<O> ViaNoReply for Probe<O> {}

/// Whether a method may return `O` when its arguments have taken the reply, or have not.
#[diagnostic::on_unimplemented(
    message = "this method takes `ReplyTo`, which is its reply, so that it cannot return `{O}` as well",
    label = "a second reply",
    note = "return `()`, or remove the `ReplyTo`"
)]
pub trait Beside<O> {}

#[diagnostic::do_not_recommend]
impl<O> Beside<O> for Free {}
#[diagnostic::do_not_recommend]
impl Beside<()> for Gone {}

impl<O> Replies<O> {
    /// Checks that an event gets one reply.
    pub fn beside<P, R: Beside<O>>(self, _: Taken<P, R>) {}
}

impl NoReply {
    /// Nothing can be said.
    pub fn beside<P, R>(self, _: Taken<P, R>) {}
}
