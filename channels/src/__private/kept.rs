//! Whether a state can be kept with its topic. Where it cannot, the join that makes it says so, and the
//! methods that take it say nothing: what is wrong with their futures comes of it.

use super::{State, role::Probe, send};
use crate::conn::ChannelConn;
use std::{
    future::{Pending, pending},
    marker::PhantomData,
};

/// What a `#[join]` can keep.
#[diagnostic::on_unimplemented(
    message = "the state must be `Send + 'static`, because it is kept with the topic and goes from thread to thread, and `{Self}` is not",
    label = "not `Send + 'static`",
    note = "own the data, and share it in an `Arc`"
)]
pub trait KeptState: Send + 'static {}

#[diagnostic::do_not_recommend]
impl<S: Send + 'static> KeptState for S {}

/// Asks about the state that a method takes: `(&&Probe::<S>::new()).kept()`.
pub trait ViaKept<S> {
    /// It can be kept.
    fn kept(&self) -> Kept<S> {
        Kept(PhantomData)
    }
}

impl<S: KeptState> ViaKept<S> for &Probe<S> {}

/// Everything else.
pub trait ViaUnkept<S> {
    /// It cannot.
    fn kept(&self) -> Unkept<S> {
        Unkept(PhantomData)
    }
}

impl<S> ViaUnkept<S> for Probe<S> {}

/// A state that can be kept.
#[derive(Debug)]
pub struct Kept<S>(PhantomData<fn() -> S>);

impl<S: KeptState> Kept<S> {
    /// The state of the topic, lent to a method.
    pub fn lend<'a>(&self, conn: ChannelConn<'a>) -> State<'a, S> {
        State::take(conn.joined().map(|(_, joined)| &**joined))
    }

    /// Says "not `Send`" of the future of the method, as [`send`] does.
    pub fn send<F: Future + Send>(self, future: F) -> impl Future<Output = F::Output> + Send {
        send(future)
    }
}

/// A state that cannot be kept, in a program that is not compiled.
#[derive(Debug)]
#[must_use = "what it stands for is asked of it"]
pub struct Unkept<S>(PhantomData<fn() -> S>);

impl<S> Unkept<S> {
    /// Has no state to lend.
    pub const fn lend(&self, _: ChannelConn<'_>) -> Self {
        Self(PhantomData)
    }

    /// None.
    pub const fn get_mut(&mut self) -> Option<&mut S> {
        None
    }

    /// A future that is `Send`, whatever the one of the method is.
    pub fn send<F: Future>(self, _: F) -> Pending<F::Output> {
        pending()
    }
}
