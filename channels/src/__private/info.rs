//! The arguments of an `#[info]` method: one is the message, the others are extractors. The macro
//! sees types only as text, so which is which is left to rustc: an argument that can be extracted is
//! an extractor, and any other is the message.

use super::text;
use crate::{ChannelConn, ChannelEvent, FromEvent, Info, Payload, logging::Quoted};
use std::marker::PhantomData;

/// Asks what the argument type `T` is: `(&&&Probe::<T>::new()).via()` answers with its role,
/// [`Message`] or [`Extractor`].
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
}

/// An event can be extracted, but to an `#[info]` method it is what was broadcast elsewhere.
pub trait ViaBroadcast {
    /// It is the message.
    fn via(&self) -> Message {
        Message
    }
}

impl ViaBroadcast for &&Probe<ChannelEvent> {}

/// The other extractors.
pub trait ViaExtractor<'a> {
    /// It is an extractor.
    fn via(&self) -> Extractor {
        Extractor
    }
}

impl<'a, T: FromEvent<'a>> ViaExtractor<'a> for &Probe<T> {}

/// Everything else.
pub trait ViaMessage {
    /// It is the message.
    fn via(&self) -> Message {
        Message
    }
}

impl<T> ViaMessage for Probe<T> {}

/// The argument is the message.
#[derive(Clone, Copy, Debug)]
pub struct Message;

/// The argument is taken from the connection.
#[derive(Clone, Copy, Debug)]
pub struct Extractor;

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

impl<'a, T: FromEvent<'a>> FromInfo<'a, Extractor> for T {
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

impl<T: 'static> FromInfo<'_, Message> for T {
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
                "`#[info]` of {} did not run: {rejection}",
                Quoted(conn.topic())
            );
            None
        }
    }
}

/// No method takes the message: somebody told it in vain.
pub fn unhandled_info(conn: ChannelConn<'_>, info: &Info) {
    log::error!(
        "a message of type `{}` was lost: no `#[info]` method of {} takes it",
        info.type_name(),
        Quoted(conn.topic())
    );
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

impl<R: Roles> Roles for (Extractor, R) {
    type Messages = R::Messages;
}

impl<R: Roles> Roles for (Message, R) {
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
