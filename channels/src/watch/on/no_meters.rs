//! Nothing is counted.

#![allow(
    clippy::needless_pass_by_value,
    clippy::unused_self,
    reason = "the other side of this needs what it is given"
)]

use super::labels::Route;
use crate::{hub, overflow::Overflow};
use std::{sync::Arc, time::Duration};

/// Whether it matters how long a handler takes.
pub(super) const TIMED: bool = false;

pub(crate) type Sending<'a, I> = I;

#[derive(Debug, Default)]
pub(super) struct Meters(());

#[derive(Debug, Default)]
pub(crate) struct Room(());

#[derive(Debug, Default)]
pub(crate) struct Joined(());

impl Meters {
    pub(super) fn connect_refused(&self, _: &'static str) {}

    pub(super) fn opened(&self) {}

    pub(super) fn closed(&self, _: &'static str) {}

    pub(super) fn received(&self, _: usize) {}

    pub(super) fn malformed(&self) {}

    pub(super) fn sending<I>(&self, frames: I) -> I {
        frames
    }

    pub(super) fn join_refused(&self, _: &'static str, _: &'static str) {}

    pub(super) fn event_refused(&self, _: &'static str) {}

    pub(super) fn overflowed(&self, _: impl FnOnce() -> Option<Arc<hub::Room>>) {}

    pub(super) fn handled(&self, _: &Route, _: &'static str, _: Option<Duration>) {}
}

impl Room {
    pub(crate) fn joined(&self, _: &'static str) -> Joined {
        Joined::default()
    }

    pub(crate) fn broadcast(&self, _: usize) {}

    pub(crate) fn dropped(&self, _: Overflow) {}
}
