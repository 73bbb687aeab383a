//! Arguments that are a part of the topic.

use crate::topic::{capture_str, rest_str};
use std::{borrow::Cow, str::FromStr, sync::Arc};

/// What a capture can be: whatever is `FromStr`, and text that is owned in another way. `Via` tells the
/// two apart, because the standard library may give the latter a `FromStr` of their own.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a capture",
    label = "cannot be parsed from the topic",
    note = "take the capture as it is, `&str`, or implement `std::str::FromStr` for `{Self}`",
    note = "a type that is not yours needs a wrapper: `struct Wrapper({Self})` with `impl std::str::FromStr for Wrapper`"
)]
pub trait Capture<Via>: Sized {
    /// The capture, unless it does not parse.
    fn from_capture(text: &str) -> Option<Self>;
}

/// Marks a capture that is parsed.
#[derive(Debug)]
pub enum ViaFromStr {}

/// Marks a capture that is taken as text.
#[derive(Debug)]
pub enum ViaText {}

#[diagnostic::do_not_recommend]
impl<T: FromStr> Capture<ViaFromStr> for T {
    fn from_capture(text: &str) -> Option<Self> {
        text.parse().ok()
    }
}

#[diagnostic::do_not_recommend]
impl Capture<ViaText> for Box<str> {
    fn from_capture(text: &str) -> Option<Self> {
        Some(text.into())
    }
}

#[diagnostic::do_not_recommend]
impl Capture<ViaText> for Arc<str> {
    fn from_capture(text: &str) -> Option<Self> {
        Some(text.into())
    }
}

/// Owned, since it may have to outlive the topic.
#[diagnostic::do_not_recommend]
impl Capture<ViaText> for Cow<'_, str> {
    fn from_capture(text: &str) -> Option<Self> {
        Some(Cow::Owned(text.to_owned()))
    }
}

/// A capture, parsed; `None` where it does not parse, so that the pattern does not match.
pub fn capture<T: Capture<Via>, Via>(topic: &str, segment: usize) -> Option<T> {
    T::from_capture(capture_str(topic, segment)?)
}

/// A named wildcard, parsed.
pub fn rest<T: Capture<Via>, Via>(topic: &str, segment: usize) -> Option<T> {
    T::from_capture(rest_str(topic, segment)?)
}
