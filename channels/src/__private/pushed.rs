//! What an `#[intercept]` method returns: most values have a JSON form, but not all of them mean
//! something to the member.

use super::role::Probe;
use serde::Serialize;
use std::{borrow::Cow, marker::PhantomData};

/// Asks what the method returns: `(&&&Probe::of(&output)).pushes()`.
pub trait ViaBytes {
    /// Programs return them for a payload that they never send.
    fn pushes(&self) -> EventPayload {
        EventPayload
    }
}

impl ViaBytes for &&Probe<Vec<u8>> {}
impl ViaBytes for &&Probe<Option<Vec<u8>>> {}

/// What no client takes for the payload of an event.
pub trait ViaNoEvent<T> {
    /// It is none.
    fn pushes(&self) -> NoEvent<T> {
        NoEvent(PhantomData)
    }
}

impl<T: NoPush> ViaNoEvent<T> for &Probe<T> {}

/// Everything else.
pub trait ViaEventPayload {
    /// It may well be a payload.
    fn pushes(&self) -> EventPayload {
        EventPayload
    }
}

impl<T> ViaEventPayload for Probe<T> {}

/// Not the payload of an event.
#[derive(Debug)]
pub struct NoEvent<T>(PhantomData<T>);

/// The payload of an event, as far as the type tells.
#[derive(Debug)]
pub struct EventPayload;

/// Says what may be returned.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the return type of an `#[intercept]` method",
    label = "not a payload",
    note = "return `Option<T>`: `Some` of the payload that this member gets, with `#[derive(serde::Serialize)]`, or `None` to keep the event from this member"
)]
pub trait ForMember {}

impl<T> NoEvent<T> {
    /// Checks that a member can be sent the value.
    pub fn check(self)
    where
        T: ForMember,
    {
    }
}

impl EventPayload {
    /// Nothing is wrong with it.
    pub fn check(self) {}
}

/// What the method does not return.
pub trait NoPush {}

/// Values whose JSON form is no object, and a `Result`, which has one by accident. Those without any
/// JSON form are left out, because [`IntoPush`](crate::IntoPush) speaks of them.
pub trait NoObject: Serialize {}

impl<T: NoObject> NoPush for Option<T> {}
impl<T: Serialize> NoObject for Option<T> {}

macro_rules! no_object {
    ($([$($generic:ident)*] $ty:ty;)*) => {
        $(
            impl<$($generic: Serialize),*> NoPush for $ty {}
            impl<$($generic: Serialize),*> NoObject for $ty {}
        )*
    };
}

no_object! {
    [] bool; [] char; [] String; [] &str; [] Box<str>; [] Cow<'_, str>;
    [] u8; [] u16; [] u32; [] u64; [] u128; [] usize;
    [] i8; [] i16; [] i32; [] i64; [] i128; [] isize;
    [] f32; [] f64;
    [T E] Result<T, E>;
    [T] Vec<T>;
    [A] (A,); [A B] (A, B); [A B C] (A, B, C); [A B C D] (A, B, C, D);
}
