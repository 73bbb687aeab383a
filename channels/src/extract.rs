use crate::{
    conn::ChannelConn,
    end::LeaveReason,
    message::{event::ChannelEvent, payload::Payload},
    params,
};
use serde::{Serialize, de::DeserializeOwned};

/// An argument of a handler method that is taken from the event or from its connection.
///
/// The runtime takes [`ChannelConn`], [`ChannelEvent`], [`Payload`] and [`LeaveReason`] that way, and
/// decodes every `T: DeserializeOwned` from the payload. `Via` tells the two apart and is never
/// written. A type that is both an extractor and deserializable is taken as an extractor.
///
/// ```
/// use phx_channels::{ChannelConn, ChannelEvent, FromEvent};
///
/// #[derive(Clone)]
/// struct CurrentUser(String);
///
/// impl<'a> FromEvent<'a> for CurrentUser {
///     type Rejection = &'static str;
///
///     fn from_event(conn: ChannelConn<'a>, _: &ChannelEvent) -> Result<Self, Self::Rejection> {
///         conn.state::<CurrentUser>().cloned().ok_or("unauthorized")
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is neither a payload nor an extractor",
    label = "cannot be taken from an event",
    note = "derive `serde::Deserialize` on it if it is the payload, or implement `FromEvent` for it"
)]
pub trait FromEvent<'a, Via = ViaEvent>: Sized {
    /// What the client is answered when the argument cannot be had: the response of an error
    /// reply, where a text becomes `{"reason": text}`. In a join it refuses the join.
    type Rejection: Serialize;

    /// Takes the argument.
    ///
    /// # Errors
    ///
    /// The response of the error reply.
    fn from_event(conn: ChannelConn<'a>, event: &ChannelEvent) -> Result<Self, Self::Rejection>;
}

/// Marks an extractor. Never written out: it is the default.
#[derive(Debug)]
pub enum ViaEvent {}

/// Marks a decoded payload. Never written out.
#[derive(Debug)]
pub enum ViaPayload {}

/// The rejection of an extractor that never rejects.
#[derive(Debug, Serialize)]
pub enum Never {}

/// The response to a payload that does not fit.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct InvalidPayload {
    /// `"invalid payload"`.
    pub reason: &'static str,
    /// What does not fit, with the path of the field where there is one.
    pub detail: String,
}

impl<'a> FromEvent<'a> for ChannelConn<'a> {
    type Rejection = Never;

    fn from_event(conn: ChannelConn<'a>, _: &ChannelEvent) -> Result<Self, Never> {
        Ok(conn)
    }
}

impl FromEvent<'_> for ChannelEvent {
    type Rejection = Never;

    fn from_event(_: ChannelConn<'_>, event: &ChannelEvent) -> Result<Self, Never> {
        Ok(event.clone())
    }
}

impl FromEvent<'_> for Payload {
    type Rejection = Never;

    fn from_event(_: ChannelConn<'_>, event: &ChannelEvent) -> Result<Self, Never> {
        Ok(event.payload.clone())
    }
}

impl FromEvent<'_> for LeaveReason {
    type Rejection = &'static str;

    fn from_event(conn: ChannelConn<'_>, _: &ChannelEvent) -> Result<Self, &'static str> {
        conn.leave_reason().ok_or("the topic has not ended")
    }
}

#[diagnostic::do_not_recommend]
impl<T: DeserializeOwned> FromEvent<'_, ViaPayload> for T {
    type Rejection = InvalidPayload;

    fn from_event(conn: ChannelConn<'_>, event: &ChannelEvent) -> Result<Self, InvalidPayload> {
        let payload = match conn.joined() {
            Some(_) => event.payload.decode().map_err(|error| error.to_string()),
            None => params::decode(conn),
        };
        payload.map_err(|detail| InvalidPayload {
            reason: "invalid payload",
            detail,
        })
    }
}
