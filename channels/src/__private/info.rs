//! The arguments of an `#[info]` method: one is the message, the others are extractors.

use super::{
    role::{Broadcast, Extractor, Message, Opaque, Probe},
    sound::{Mistaken, Sound},
    text,
};
use crate::{
    conn::ChannelConn,
    extract::FromEvent,
    info::Info,
    logging::{Excerpt, Quoted},
    message::{event::ChannelEvent, payload::Payload},
};
use std::marker::PhantomData;

/// An argument of an `#[info]` method in its role.
pub trait FromInfo<'a, Role>: Sized {
    /// Whether the method can be called with this message.
    fn fits(info: &Info) -> bool;

    /// Takes the argument, or says why it cannot be had.
    ///
    /// # Errors
    ///
    /// The rejection of an extractor, as text.
    fn from_info(
        conn: ChannelConn<'a>,
        event: &ChannelEvent,
        info: &mut Option<Info>,
    ) -> Result<Self, String>;
}

impl<'a, T: FromEvent<'a>, Place> FromInfo<'a, Extractor<Place>> for T {
    fn fits(_: &Info) -> bool {
        true
    }

    fn from_info(
        conn: ChannelConn<'a>,
        event: &ChannelEvent,
        _: &mut Option<Info>,
    ) -> Result<Self, String> {
        T::from_event(conn, event).map_err(|rejection| text(&rejection))
    }
}

impl<T: 'static, Content> FromInfo<'_, Message<Content>> for T {
    fn fits(info: &Info) -> bool {
        info.is::<T>()
    }

    fn from_info(
        _: ChannelConn<'_>,
        _: &ChannelEvent,
        info: &mut Option<Info>,
    ) -> Result<Self, String> {
        let taken = info.take().and_then(|info| info.downcast().ok());
        taken.ok_or_else(|| "its message is taken already".into())
    }
}

impl FromInfo<'_, Broadcast> for ChannelEvent {
    fn fits(info: &Info) -> bool {
        <Self as FromInfo<'_, Message<Opaque>>>::fits(info)
    }

    fn from_info(
        conn: ChannelConn<'_>,
        event: &ChannelEvent,
        info: &mut Option<Info>,
    ) -> Result<Self, String> {
        <Self as FromInfo<'_, Message<Opaque>>>::from_info(conn, event, info)
    }
}

/// Whether the message is for a method with this argument.
pub fn fits<'a, T: FromInfo<'a, Role>, Role>(_: Role, info: &Info) -> bool {
    T::fits(info)
}

/// The event that extractors of an `#[info]` method are given: the broadcast from elsewhere, or an
/// empty one where the message is no event.
pub fn info_event(info: &Info) -> ChannelEvent {
    let event = info.downcast_ref().cloned();
    event.unwrap_or_else(|| ChannelEvent::from_parts("".into(), "", Payload::empty()))
}

/// An argument of an `#[info]` method; there is nobody to tell that it cannot be had.
pub fn info_argument<'a, T: FromInfo<'a, Role>, Role>(
    _: Role,
    conn: ChannelConn<'a>,
    event: &ChannelEvent,
    info: &mut Option<Info>,
) -> Option<T> {
    match T::from_info(conn, event, info) {
        Ok(argument) => Some(argument),
        Err(rejection) => {
            log::error!(
                "`#[info]` of {} did not run: {}",
                Quoted(conn.topic()),
                Excerpt(rejection)
            );
            None
        }
    }
}

/// Checks that an `#[info]` method takes one message, given the roles of its arguments as
/// `(first, (second, ()))`.
pub fn one_message<R: Roles>(_: R)
where
    R::Messages: One,
{
}

/// Counts messages among arguments.
pub trait Roles {
    /// [`Zero`] and so on.
    type Messages;
}

impl Roles for () {
    type Messages = Zero;
}

impl<Place, R: Roles> Roles for (Extractor<Place>, R) {
    type Messages = R::Messages;
}

impl<R: Roles> Roles for (Broadcast, R) {
    type Messages = Next<R::Messages>;
}

impl<Content, R: Roles> Roles for (Message<Content>, R) {
    type Messages = Next<R::Messages>;
}

/// No message.
#[derive(Debug)]
pub enum Zero {}

/// One message more.
#[derive(Debug)]
pub struct Next<N>(N);

/// Says "one" in our words.
#[diagnostic::on_unimplemented(
    message = "an `#[info]` method takes one message, and extractors besides",
    label = "not one message",
    note = "the message is the argument whose type someone tells: `async fn tick(&self, conn: ChannelConn<'_>, tick: Tick)`"
)]
pub trait One {}

#[diagnostic::do_not_recommend]
impl One for Next<Zero> {}

/// The message of a method, by its type alone.
#[derive(Debug)]
pub struct Told<T>(PhantomData<T>);

impl<Content> Message<Content> {
    /// It is this one.
    pub fn message<T, Before>(self, _: Probe<T>, _: Before) -> Told<T> {
        Told(PhantomData)
    }
}

impl Broadcast {
    /// It is this one.
    #[expect(clippy::unused_self, reason = "the role chooses the method")]
    pub fn message<T, Before>(self, _: Probe<T>, _: Before) -> Told<T> {
        Told(PhantomData)
    }
}

impl<Place> Extractor<Place> {
    /// It is another one.
    pub fn message<T, Before>(self, _: Probe<T>, before: Before) -> Before {
        before
    }
}

/// Asks whether two methods are for different messages: `(&&Probe::of(&(one, other))).differ()`.
pub trait ViaSame {
    /// They are for the same.
    fn differ(&self) -> Mistaken {
        Mistaken
    }
}

impl<T> ViaSame for &Probe<(Told<T>, Told<T>)> {}

/// Everything else.
pub trait ViaDifferent {
    /// They are.
    fn differ(&self) -> Sound {
        Sound
    }
}

impl<T> ViaDifferent for Probe<T> {}
