//! What methods return, taken apart, so that each part which cannot be sent is reported where it is written.

use crate::{
    join::{IntoJoin, Joined},
    reply::Reply,
};
use serde::Serialize;

/// What a method has returned.
#[derive(Debug)]
pub struct Output<O>(pub O);

/// The error of a method as the reply that it makes.
#[derive(Debug)]
pub struct ErrorReply(Reply);

/// What can be the error of a method: whatever is `Serialize`, said in our words.
#[diagnostic::on_unimplemented(
    message = "the error `{Self}` cannot be sent to a client",
    label = "not `serde::Serialize`",
    note = "derive `serde::Serialize` on an error of your own",
    note = "an error of another crate, `Box<dyn Error>` and the like need a wrapper, which `?` makes of them: `#[derive(serde::Serialize)] struct Failure {{ reason: String }}` with `impl<E: std::fmt::Display> From<E> for Failure`"
)]
pub trait ReplyError: Serialize {}

#[diagnostic::do_not_recommend]
impl<E: Serialize> ReplyError for E {}

/// What can be the value of an `Ok`: likewise.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be sent to a client as a reply",
    label = "not `serde::Serialize`",
    note = "derive `serde::Serialize` on it, or return `()`"
)]
pub trait ReplyValue: Serialize {}

#[diagnostic::do_not_recommend]
impl<T: Serialize> ReplyValue for T {}

impl<T, E> Output<Result<T, E>> {
    /// The same with the error as a reply.
    ///
    /// # Errors
    ///
    /// Where it was one.
    pub fn with_error(self) -> Result<T, ErrorReply>
    where
        E: ReplyError,
    {
        self.0.map_err(|error| ErrorReply(Reply::error(&error)))
    }
}

impl<T> Output<Result<T, ErrorReply>> {
    /// The reply that it is.
    pub fn with_value(self) -> Reply
    where
        T: ReplyValue,
    {
        match self.0 {
            Ok(value) => Reply::ok(&value),
            Err(ErrorReply(reply)) => reply,
        }
    }
}

/// What is no `Result` is left as it is. A method of the type itself comes before one of a trait.
pub trait OtherOutput<O> {
    /// The same.
    fn with_error(self) -> O;

    /// The same.
    fn with_value(self) -> O;
}

impl<O> OtherOutput<O> for Output<O> {
    fn with_error(self) -> O {
        self.0
    }

    fn with_value(self) -> O {
        self.0
    }
}

#[diagnostic::do_not_recommend]
impl<T: Serialize> IntoJoin for Result<T, ErrorReply> {
    type State = ();

    fn into_join(self) -> Result<((), Reply), Reply> {
        match self {
            Ok(value) => Ok(((), Reply::ok(&value))),
            Err(ErrorReply(reply)) => Err(reply),
        }
    }
}

#[diagnostic::do_not_recommend]
impl<S, T: Serialize> IntoJoin for Result<Joined<S, T>, ErrorReply> {
    type State = S;

    fn into_join(self) -> Result<(S, Reply), Reply> {
        match self {
            Ok(joined) => joined.into_join(),
            Err(ErrorReply(reply)) => Err(reply),
        }
    }
}
