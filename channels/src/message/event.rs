use crate::{
    message::{error::Error, payload::Payload, reference::Reference},
    overflow::Overflow,
};
use serde::Serialize;
use smol_str::SmolStr;
use std::sync::Arc;

/// A payload type that belongs to one event, so that it can be sent without naming the event.
///
/// Derive it: `#[derive(Event)] #[event("new:msg")]`. Without the attribute the name is the type's
/// name in `snake_case`.
///
/// ```
/// # #[cfg(feature = "macros")] {
/// use phx_channels::Event;
///
/// #[derive(serde::Serialize, Event)]
/// #[event("new:msg")]
/// struct Message {
///     body: String,
/// }
///
/// assert_eq!(Message::NAME, "new:msg");
/// # }
/// ```
pub trait Event: Serialize {
    /// The name of the event on the wire.
    const NAME: &'static str;

    /// What happens when a broadcast of this event does not fit into the mailbox of a member, if it is
    /// to be something else than the join of that member says. `None`, which is the default, leaves it
    /// to the join.
    ///
    /// Derived, it is `#[event("cursor", overflow = latest)]`; the words are those of
    /// `#[join(.., overflow = ..)]`. So one topic carries what must not be lost and what may be:
    ///
    /// ```
    /// # #[cfg(feature = "macros")] {
    /// use phx_channels::{Event, Overflow};
    ///
    /// #[derive(serde::Serialize, Event)]
    /// struct Stroke {
    ///     points: Vec<(f32, f32)>,
    /// }
    ///
    /// #[derive(serde::Serialize, Event)]
    /// #[event("cursor", overflow = latest)]
    /// struct Cursor {
    ///     at: (f32, f32),
    /// }
    ///
    /// assert_eq!(Stroke::OVERFLOW, None);
    /// assert_eq!(Cursor::OVERFLOW, Some(Overflow::Latest));
    /// # }
    /// ```
    const OVERFLOW: Option<Overflow> = None;
}

/// One message: a topic, an event, a payload, and for a client's message its references.
///
/// Cloning an event copies pointers only. One that was broadcast as a `T:` [`Event`] and is heard by a
/// handler keeps [`T::OVERFLOW`](Event::OVERFLOW), also where the handler sends it on.
///
/// ```
/// # use phx_channels::ChannelEvent;
/// # use serde_json::json;
/// let event = ChannelEvent::new("rooms:lobby", "new:msg", &json!({"body": "hi"}))?;
/// assert_eq!((event.topic(), event.event()), ("rooms:lobby", "new:msg"));
/// assert!(event.reference().is_none());
/// # Ok::<_, phx_channels::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct ChannelEvent {
    pub(crate) topic: Arc<str>,
    /// Most names are short enough to need no memory of their own.
    pub(crate) event: SmolStr,
    pub(crate) payload: Payload,
    pub(crate) reference: Option<Reference>,
    pub(crate) join_reference: Option<Reference>,
    /// What happens where it does not fit, if its type says so.
    pub(crate) overflow: Option<Overflow>,
}

impl ChannelEvent {
    /// An event that the server sends. What sending it would only log is an error here.
    ///
    /// # Errors
    ///
    /// [`Error::Encode`] when the payload has no JSON form, [`Error::NotAnObject`] when it is a text, a number or
    /// anything else that is neither an object nor bytes, and [`Error::ReservedEvent`] when the event's name begins
    /// with `phx_`.
    ///
    /// ```
    /// use phx_channels::{ChannelEvent, Error};
    ///
    /// let text = ChannelEvent::new("rooms:lobby", "new:msg", "hi");
    /// assert!(matches!(text, Err(Error::NotAnObject)));
    /// let reserved = ChannelEvent::new("rooms:lobby", "phx_close", &());
    /// assert!(matches!(reserved, Err(Error::ReservedEvent)));
    /// ```
    pub fn new<T: Serialize + ?Sized>(
        topic: &str,
        event: &str,
        payload: &T,
    ) -> Result<Self, Error> {
        if is_reserved(event) {
            return Err(Error::ReservedEvent);
        }
        let payload = Payload::new(payload)?.or_empty_object();
        if !payload.can_be_sent() {
            return Err(Error::NotAnObject);
        }
        Ok(Self::from_parts(topic.into(), event, payload))
    }

    pub(crate) fn from_parts(topic: Arc<str>, event: &str, payload: Payload) -> Self {
        Self {
            topic,
            event: event.into(),
            payload,
            reference: None,
            join_reference: None,
            overflow: None,
        }
    }

    /// An event of this type, with the policy of the type.
    fn of<T: Event>(topic: Arc<str>, value: &T) -> Result<Self, Error> {
        const {
            assert!(
                !is_reserved(T::NAME),
                "events that begin with `phx_` belong to the protocol"
            );
        }
        let mut event = Self::from_parts(topic, T::NAME, Payload::new(value)?);
        event.overflow = T::OVERFLOW;
        Ok(event)
    }

    /// How many bytes its parts have, but for the topic, whose name events share.
    pub(crate) fn size(&self) -> usize {
        let references = [&self.reference, &self.join_reference];
        let references = references.into_iter().flatten().map(Reference::len);
        self.event.len() + self.payload.len() + references.sum::<usize>()
    }

    /// The topic, exactly as sent.
    pub fn topic(&self) -> &str {
        &self.topic
    }

    /// The name of the event.
    pub fn event(&self) -> &str {
        &self.event
    }

    /// The payload, undecoded.
    pub fn payload(&self) -> &Payload {
        &self.payload
    }

    /// The `ref` that a reply to this event carries; `None` for `null` and for events of the server.
    pub fn reference(&self) -> Option<&Reference> {
        self.reference.as_ref()
    }

    /// The `join_ref` that came with the event: which instance of the joined topic it was meant for.
    pub fn join_reference(&self) -> Option<&Reference> {
        self.join_reference.as_ref()
    }
}

/// What can be pushed and broadcast from a handler.
///
/// | value | topic | event | payload |
/// |---|---|---|---|
/// | a `T:` [`Event`] | the handler's own | `T::NAME` | the value |
/// | a [`ChannelEvent`] | its own | its own | its own, byte for byte |
/// | `(topic, "event")` | the first | the second | `{}` |
/// | `(topic, "event", payload)` | the first | the second | the third |
/// | `(topic, value)` with `T:` [`Event`] | the first | `T::NAME` | the second |
///
/// The payload must encode as a JSON object, which is what clients expect, or be bytes, as a
/// [`Binary`](crate::Binary) is; `null` goes out as `{}`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be sent as an event",
    label = "not an event",
    note = "put `#[derive(Event)]` on the payload type, or send `(topic, \"event\", payload)`"
)]
pub trait IntoEvent {
    /// Turns the value into an event; `topic` is the handler's own.
    ///
    /// # Errors
    ///
    /// [`Error::Encode`] when the payload has no JSON form.
    fn into_event(self, topic: &Arc<str>) -> Result<ChannelEvent, Error>;
}

/// An [`IntoEvent`] that names its topic, so that it can be sent from outside of a handler.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not say which topic it is for",
    label = "no topic",
    note = "outside of a handler send `(topic, event)`, `(topic, \"event\", payload)` or a `ChannelEvent`"
)]
pub trait Addressed: IntoEvent {}

impl<T: Event> IntoEvent for T {
    fn into_event(self, topic: &Arc<str>) -> Result<ChannelEvent, Error> {
        ChannelEvent::of(Arc::clone(topic), &self)
    }
}

impl IntoEvent for ChannelEvent {
    fn into_event(self, _: &Arc<str>) -> Result<ChannelEvent, Error> {
        Ok(self)
    }
}

impl<T: AsRef<str>> IntoEvent for (T, &str) {
    fn into_event(self, _: &Arc<str>) -> Result<ChannelEvent, Error> {
        let (topic, event) = (self.0.as_ref().into(), self.1);
        Ok(ChannelEvent::from_parts(topic, event, Payload::empty()))
    }
}

impl<T: AsRef<str>, P: Serialize> IntoEvent for (T, &str, P) {
    fn into_event(self, _: &Arc<str>) -> Result<ChannelEvent, Error> {
        let (topic, event) = (self.0.as_ref().into(), self.1);
        Ok(ChannelEvent::from_parts(
            topic,
            event,
            Payload::new(&self.2)?,
        ))
    }
}

impl<T: AsRef<str>, E: Event> IntoEvent for (T, E) {
    fn into_event(self, _: &Arc<str>) -> Result<ChannelEvent, Error> {
        ChannelEvent::of(self.0.as_ref().into(), &self.1)
    }
}

impl Addressed for ChannelEvent {}
impl<T: AsRef<str>> Addressed for (T, &str) {}
impl<T: AsRef<str>, P: Serialize> Addressed for (T, &str, P) {}
impl<T: AsRef<str>, E: Event> Addressed for (T, E) {}

/// Whether the protocol has taken the name. Clients would take such an event for the end of their channel, or
/// for a reply.
pub(crate) const fn is_reserved(name: &str) -> bool {
    matches!(name.as_bytes(), [b'p', b'h', b'x', b'_', ..])
}
