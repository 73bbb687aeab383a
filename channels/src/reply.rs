use crate::message::payload::{Outline, Payload};
use serde::Serialize;
use std::borrow::Cow;

/// A reply with any status name (M-3).
///
/// Most handlers return a `Result` instead and never see this type.
///
/// ```
/// # use phx_channels::Reply;
/// # #[derive(serde::Serialize)] struct Retry { after_ms: u32 }
/// let reply = Reply::new("rate_limited", &Retry { after_ms: 500 });
/// assert_eq!(reply.status(), "rate_limited");
/// ```
#[derive(Clone, Debug)]
#[must_use = "a reply does nothing until it is returned or sent"]
pub struct Reply {
    status: Cow<'static, str>,
    response: Payload,
    stop: Option<Stop>,
}

/// How a handler ends its joined topic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stop {
    Close,
    Fail,
}

impl Reply {
    /// A reply with this status. A response that has no JSON form is logged, and the client gets
    /// status `error` with `{"reason":"reply could not be encoded"}`. Bytes, such as a
    /// [`Binary`](crate::Binary), go out in a binary frame (M-7).
    pub fn new<T: Serialize + ?Sized>(status: impl Into<Cow<'static, str>>, response: &T) -> Self {
        Self::outlined(status.into(), response, Outline::of(response))
    }

    fn outlined<T: Serialize + ?Sized>(
        status: Cow<'static, str>,
        response: &T,
        outline: Outline,
    ) -> Self {
        match Payload::outlined(response, outline) {
            Ok(response) => Self {
                status,
                response,
                stop: None,
            },
            Err(error) => {
                log::error!("reply `{}` {error}", std::any::type_name::<T>());
                Self::error("reply could not be encoded")
            }
        }
    }

    /// Status `ok` (M-1). The response `()` goes out as `{}`.
    pub fn ok<T: Serialize + ?Sized>(response: &T) -> Self {
        Self::with_unit_as_object("ok", response)
    }

    /// Status `error` (M-2). A response that encodes as a JSON string goes out as
    /// `{"reason": "..."}`, and `()` as `{}`.
    pub fn error<T: Serialize + ?Sized>(response: &T) -> Self {
        let mut reply = Self::with_unit_as_object("error", response);
        let json = reply.response.as_json();
        if json.is_some_and(|json| json.starts_with('"'))
            && let Ok(reason) = Payload::new(&Reason {
                reason: &reply.response,
            })
        {
            reply.response = reason;
        }
        reply
    }

    /// `()` and unit structs encode as `null`, but say "nothing" and not "null" as an empty `Option`
    /// does.
    fn with_unit_as_object<T: Serialize + ?Sized>(status: &'static str, response: &T) -> Self {
        match Outline::of(response) {
            Outline::Unit => Self {
                status: status.into(),
                response: Payload::empty(),
                stop: None,
            },
            outline => Self::outlined(status.into(), response, outline),
        }
    }

    /// Ends the joined topic behind the reply, with `phx_close` (E-3).
    pub fn stop(self) -> Self {
        let stop = Some(Stop::Close);
        Self { stop, ..self }
    }

    /// Ends the joined topic behind the reply, with `phx_error`: the client joins again after a
    /// while (E-4).
    pub fn fail(self) -> Self {
        let stop = Some(Stop::Fail);
        Self { stop, ..self }
    }

    /// The status, `ok` and `error` being the usual ones.
    pub fn status(&self) -> &str {
        &self.status
    }

    /// The response, any JSON value or bytes (M-8).
    pub fn response(&self) -> &Payload {
        &self.response
    }

    pub(crate) fn ending(&self) -> Option<Stop> {
        self.stop
    }

    pub(crate) fn is_ok(&self) -> bool {
        self.status == "ok"
    }
}

#[derive(Serialize)]
struct Reason<'a> {
    reason: &'a Payload,
}

/// What an `#[on]` method may return.
///
/// `()` sends no reply (M-4), a `Result` answers `ok` or `error`, a [`Reply`] says the status itself.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the return type of an `#[on]` method",
    label = "not a reply",
    note = "return `()`, `Result<T, E>` with `T` and `E` serializable, or `Reply`"
)]
pub trait IntoReply {
    /// The reply, or `None` for no reply.
    fn into_reply(self) -> Option<Reply>;
}

impl IntoReply for () {
    fn into_reply(self) -> Option<Reply> {
        None
    }
}

impl IntoReply for Reply {
    fn into_reply(self) -> Option<Reply> {
        Some(self)
    }
}

#[diagnostic::do_not_recommend]
impl<T: Serialize, E: Serialize> IntoReply for Result<T, E> {
    fn into_reply(self) -> Option<Reply> {
        Some(match self {
            Ok(response) => Reply::ok(&response),
            Err(response) => Reply::error(&response),
        })
    }
}
