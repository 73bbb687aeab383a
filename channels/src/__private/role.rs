//! What an argument is taken from. The macro sees types only as text, so rustc is asked.

use crate::{
    end::LeaveReason,
    extract::{self, FromEvent},
    message::event::ChannelEvent,
    pusher::Pusher,
    reply_to::ReplyTo,
};
use serde::de::DeserializeOwned;
use std::marker::PhantomData;

/// Asks about the type `T`: `(&&&&Probe::<T>::new()).via()` answers with the role of an argument.
///
/// The traits below all have a method `via`. Method lookup tries the receiver with fewer and fewer
/// references, so the first of them that there is for `T` answers.
#[derive(Debug)]
pub struct Probe<T>(PhantomData<fn() -> T>);

impl<T> Probe<T> {
    /// The question.
    #[expect(clippy::new_without_default, reason = "it is written by a macro")]
    pub const fn new() -> Self {
        Self(PhantomData)
    }

    /// The question about the type of a value.
    pub const fn of(_: &T) -> Self {
        Self(PhantomData)
    }
}

/// An extractor of this crate that is not for every method.
pub trait ViaBuiltIn {
    /// What the argument is.
    type Role;

    /// Its role.
    fn via(&self) -> Self::Role;
}

macro_rules! built_in {
    ($($ty:ty: $role:ty = $value:expr;)*) => {
        $(
            impl ViaBuiltIn for &&&Probe<$ty> {
                type Role = $role;

                fn via(&self) -> $role {
                    $value
                }
            }
        )*
    };
}

built_in! {
    ChannelEvent: Broadcast = Broadcast;
    ReplyTo: Extractor<Asked> = Extractor(PhantomData);
    LeaveReason: Extractor<Ending> = Extractor(PhantomData);
    Pusher: Extractor<InTopic> = Extractor(PhantomData);
}

/// The other extractors.
pub trait ViaExtractor<'a> {
    /// It is an extractor.
    fn via(&self) -> Extractor {
        Extractor(PhantomData)
    }
}

impl<'a, T: FromEvent<'a>> ViaExtractor<'a> for &&Probe<T> {}

/// What can be decoded.
pub trait ViaPayload {
    /// It is the payload, or the message of an `#[info]`.
    fn via(&self) -> Message<Decoded> {
        Message(PhantomData)
    }
}

impl<T: DeserializeOwned> ViaPayload for &Probe<T> {}

/// Everything else.
pub trait ViaMessage {
    /// It is the message of an `#[info]`, and has no role elsewhere.
    fn via(&self) -> Message<Opaque> {
        Message(PhantomData)
    }
}

impl<T> ViaMessage for Probe<T> {}

/// The argument is the message of an `#[info]`, and elsewhere the payload if it is `Decoded`.
#[derive(Debug)]
#[must_use = "a role is to be checked"]
pub struct Message<Content>(PhantomData<Content>);

/// It can be decoded from a payload.
#[derive(Debug)]
pub enum Decoded {}

/// It cannot.
#[derive(Debug)]
pub enum Opaque {}

/// The argument is the event: to an `#[info]` method a message, which was broadcast elsewhere.
#[derive(Clone, Copy, Debug)]
#[must_use = "a role is to be checked"]
pub struct Broadcast;

/// The argument is taken from the connection, in the methods that `Place` says.
#[derive(Debug)]
#[must_use = "a role is to be checked"]
pub struct Extractor<Place = Anywhere>(PhantomData<Place>);

macro_rules! copied {
    ($($role:ident)*) => {
        $(
            impl<T> Clone for $role<T> {
                fn clone(&self) -> Self {
                    *self
                }
            }

            impl<T> Copy for $role<T> {}
        )*
    };
}

copied! { Extractor Message }

/// How an argument is taken from an event. A type may be an extractor and deserializable, and is an
/// extractor then.
#[derive(Debug)]
pub struct Way<Via>(PhantomData<Via>);

impl<Place> Extractor<Place> {
    /// By what it implements itself.
    pub const fn way(self) -> Way<extract::ViaEvent> {
        Way(PhantomData)
    }
}

impl Broadcast {
    /// Likewise.
    #[expect(clippy::unused_self, reason = "the role chooses the method")]
    pub const fn way(self) -> Way<extract::ViaEvent> {
        Way(PhantomData)
    }
}

impl Message<Decoded> {
    /// By decoding it.
    pub const fn way(self) -> Way<extract::ViaPayload> {
        Way(PhantomData)
    }
}

impl Message<Opaque> {
    /// In no way, which rustc is left to say.
    pub const fn way<Via>(self) -> Way<Via> {
        Way(PhantomData)
    }
}

/// Every method has it.
#[derive(Debug)]
pub enum Anywhere {}

/// Methods have it that a client waits for.
#[derive(Debug)]
pub enum Asked {}

/// Methods have it that run at the end of a topic.
#[derive(Debug)]
pub enum Ending {}

/// Methods of a topic have it.
#[derive(Debug)]
pub enum InTopic {}
