//! Nobody watches.

#![allow(
    clippy::needless_pass_by_value,
    clippy::unused_self,
    reason = "the other side of this needs what it is given"
)]

use super::{ConnectRefusal, JoinRefusal, Unheard};
use crate::{
    admission::Via,
    close::CloseCode,
    conn::ChannelConn,
    hub,
    message::event::ChannelEvent,
    overflow::Overflow,
    reply::Reply,
    socket::{self, JoinedTopic, Running},
    topic::Routes,
};
use std::sync::Arc;

pub(crate) type Spanned<F> = F;

#[derive(Clone, Debug, Default)]
pub(crate) struct Payloads(());

#[derive(Debug, Default)]
pub(crate) struct Hub(());

#[derive(Debug, Default)]
pub(crate) struct Room(());

#[derive(Debug, Default)]
pub(crate) struct Joined(());

#[derive(Debug, Default)]
pub(crate) struct Topic(());

#[derive(Debug)]
pub(crate) struct Connection;

pub(crate) struct Span;

pub(crate) struct Call;

const _: () = assert!(
    size_of::<(Hub, Room, Joined, Topic, Connection, Span, Call, Payloads)>() == 0,
    "what nobody watches costs nothing"
);

impl Hub {
    #[inline]
    pub(crate) fn admission<F>(&self, _: Via, decision: F) -> F {
        decision
    }

    #[inline]
    pub(crate) fn refused(&self, _: ConnectRefusal) {}

    #[inline]
    pub(crate) fn received(&self, _: usize) {}

    #[inline]
    pub(crate) fn malformed(&self) {}

    #[inline]
    pub(crate) fn unheard(&self, _: &str, _: &str, _: Unheard) {}

    #[inline]
    pub(crate) fn sending<F>(&self, frames: F) -> F {
        frames
    }

    #[inline]
    pub(crate) fn overflowed(&self, _: impl FnOnce() -> Option<Arc<hub::Room>>) {}
}

impl Room {
    #[inline]
    pub(crate) fn joined(&self, _: &'static str) -> Joined {
        Joined::default()
    }

    #[inline]
    pub(crate) fn broadcast(&self, _: usize) {}

    #[inline]
    pub(crate) fn dropped(&self, _: Overflow) {}
}

impl Connection {
    #[inline]
    pub(crate) fn open(_: &socket::Connection) -> Self {
        Self
    }

    #[inline]
    pub(crate) fn span(&self) -> Span {
        Span
    }

    #[inline]
    pub(crate) fn ended(&mut self, _: Option<CloseCode>) {}
}

impl Span {
    #[inline]
    pub(crate) fn around<F>(self, work: F) -> F {
        work
    }
}

impl Topic {
    #[inline]
    pub(crate) fn accepted(&self, _: &Routes) -> &'static str {
        ""
    }

    #[inline]
    pub(crate) fn refused(&self, _: &socket::Connection, _: &JoinedTopic, _: JoinRefusal) {}

    #[inline]
    pub(crate) fn no_room(&self) {}

    #[inline]
    pub(crate) fn answered(&self, _: &Reply) {}

    #[inline]
    pub(crate) fn limited(&self) {}

    #[inline]
    pub(crate) fn unmatched(&self) {}

    #[inline]
    pub(crate) fn timed_out(&self) {}
}

impl Call {
    #[inline]
    pub(crate) fn new(
        connection: &Arc<socket::Connection>,
        _: &Arc<JoinedTopic>,
        _: Running,
        _: Option<&ChannelEvent>,
    ) -> Self {
        // The one place where it is looked at.
        let Payloads(()) = connection.config.payloads;
        Self
    }

    #[inline]
    pub(crate) fn around<F>(self, call: F) -> F {
        call
    }
}

#[inline]
pub(crate) fn tried<I: Iterator>(
    _: ChannelConn<'_>,
    routes: I,
    _: impl Fn(&I::Item) -> (u16, bool),
) -> I {
    routes
}
