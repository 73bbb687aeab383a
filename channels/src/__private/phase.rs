//! Methods that are called where they do nothing. The expansion brings these traits into scope there:
//! their methods take the receiver by value, so that they come before those of its type.

use crate::{conn::ChannelConn, pusher::Pusher, task::Task};
use std::time::Duration;

/// What only `#[connect]` can do.
pub trait NotInConnect: Sized {
    /// See [`ChannelConn::insert_state`].
    fn insert_state<T: InConnect>(self, _: T) {}

    /// See [`ChannelConn::refuse`].
    fn refuse<T: Refuses>(self, _: T) {}
}

impl NotInConnect for ChannelConn<'_> {}

/// Nothing is, where this is asked for.
#[diagnostic::on_unimplemented(
    message = "`insert_state` keeps a value with the connection, and only `#[connect]` can do that",
    label = "this value would be lost",
    note = "what belongs to a joined topic is kept by its `#[join]`: return `Joined::new(state)`, and take it as `&State` or `&mut State`"
)]
pub trait InConnect {}

/// Nothing does, where this is asked for.
#[diagnostic::on_unimplemented(
    message = "`refuse` turns a client away that connects, and only `#[connect]` can do that",
    label = "this client is connected already",
    note = "a `#[join]` refuses by what it returns: `Err(\"reason\")`; `conn.close(Close::StayAway)` ends a connection"
)]
pub trait Refuses {}

/// What only an `#[info]` method hears.
pub trait NotHeard: Sized {
    /// See [`Pusher::tell`].
    fn tell<T: Heard>(self, _: T) {}

    /// See [`ChannelConn::after`].
    fn after<T: Heard>(self, _: Duration, message: T) -> Task {
        message.task()
    }
}

impl NotHeard for ChannelConn<'_> {}
impl NotHeard for Pusher {}

/// Nothing is, where this is asked for.
#[diagnostic::on_unimplemented(
    message = "no method of this channel takes the message `{Self}`",
    label = "this message would be lost",
    note = "write a method for it: `#[info(\"topic\")] async fn name(&self, message: {Self})`"
)]
pub trait Heard: Sized {
    /// What `after` would return.
    fn task(self) -> Task;
}
