//! What the expansion of `#[channel]` calls. Not part of the public interface: it changes with the
//! macro, whose version is pinned.

mod by_value;
mod capture;
mod info;
mod kept;
mod narrow;
mod once;
mod output;
mod parameters;
pub mod phase;
mod place;
mod pushed;
mod rate;
mod role;
mod sound;

pub use crate::{
    handler::unhandled_info,
    socket::State,
    topic::{Pattern, Router, Routes, Shape, capture_str, rest_str},
};
pub use by_value::{
    ByValue, event_argument_or_state, leave_argument_or_state, out_argument_or_state,
};
pub use capture::{Capture, ViaFromStr, ViaText, capture, rest};
pub use info::{
    FromInfo, Next, One, Roles, Told, Zero, fits, info_argument, info_event, one_message,
};
pub use kept::{Kept, KeptState, Unkept};
pub use narrow::Text;
pub use once::{NoReply, Replies, Taken, nothing_taken};
pub use output::{ErrorReply, Output, ReplyError, ReplyValue};
pub use parameters::{Decodes, Fields, OneValue, Parameters, TakesParameters};
pub use place::{
    ConnectMethod, DisconnectMethod, InfoMethod, InterceptMethod, JoinMethod, LeaveMethod, OnMethod,
};
pub use pushed::{EventPayload, NoEvent};
pub use rate::is_limited;
pub use role::{Extractor, Message, Probe, Way};
pub use serde::Serialize;
pub use sound::{Mistaken, Sound};
pub use std::{boxed::Box, cmp::Reverse};

use crate::{
    conn::ChannelConn,
    extract::FromEvent,
    join::IntoJoin,
    logging::{Excerpt, Quoted},
    message::{event::ChannelEvent, payload::Payload},
    push::IntoPush,
    refused::{IntoConnect, Refused},
    reply::{IntoReply, Reply},
    watch::{self, ConnectRefusal, JoinRefusal},
};
use std::pin::Pin;

/// The traits by which rustc answers the questions of the macro, without their names.
pub mod answers {
    pub use super::{
        info::{ViaDifferent as _, ViaSame as _},
        kept::{ViaKept as _, ViaUnkept as _},
        narrow::{ViaAnyCapture as _, ViaAnyText as _, ViaNarrower as _, ViaSameCapture as _},
        once::{ViaNoReply as _, ViaReply as _},
        output::OtherOutput as _,
        parameters::ViaFields as _,
        pushed::{ViaBytes as _, ViaEventPayload as _, ViaNoEvent as _},
        role::{ViaBuiltIn as _, ViaExtractor as _, ViaMessage as _, ViaPayload as _},
    };
}

/// The future of an `async_trait` method.
pub type BoxFuture<'a> = Pin<Box<dyn Future<Output = ()> + Send + 'a>>;

/// The numbers of the patterns that match the joined topic, most specific first.
pub fn patterns(conn: ChannelConn<'_>) -> impl Iterator<Item = u16> {
    watch::tried(conn, matching(conn), |&pattern| (pattern, false))
}

fn matching(conn: ChannelConn<'_>) -> impl Iterator<Item = u16> {
    let matching = conn.routes().map_or(&[] as &[u16], Routes::matching);
    matching.iter().copied()
}

/// Where an event may go: every matching pattern with the event's name, then every one without. So
/// an exact event on a broad topic comes before a fallback on a narrow one.
pub fn candidates<'a>(
    conn: ChannelConn<'a>,
    event: &'a ChannelEvent,
) -> impl Iterator<Item = (u16, Option<&'a str>)> {
    let exact = matching(conn).map(|pattern| (pattern, Some(event.event())));
    let candidates = exact.chain(matching(conn).map(|pattern| (pattern, None)));
    watch::tried(conn, candidates, |(pattern, event)| {
        (*pattern, event.is_some())
    })
}

/// An argument of a `#[join]` method; one that cannot be had refuses the join.
pub fn join_argument<'a, T: FromEvent<'a, Via>, Via>(
    _: Way<Via>,
    conn: ChannelConn<'a>,
    event: &ChannelEvent,
) -> Option<T> {
    take(conn, event, |rejection| {
        if let Some((connection, joined)) = conn.joined() {
            joined.refuse(connection, JoinRefusal::Params, &Reply::error(rejection));
        }
    })
}

/// An argument of an `#[on]` method; one that cannot be had is the error reply.
pub fn event_argument<'a, T: FromEvent<'a, Via>, Via>(
    _: Way<Via>,
    conn: ChannelConn<'a>,
    event: &ChannelEvent,
) -> Option<T> {
    take(conn, event, |rejection| {
        conn.reply(event, &Reply::error(rejection));
    })
}

/// An argument of an `#[intercept]` method; without it nobody knows what the client may see, so it
/// sees nothing.
pub fn out_argument<'a, T: FromEvent<'a, Via>, Via>(
    _: Way<Via>,
    conn: ChannelConn<'a>,
    event: &ChannelEvent,
) -> Option<T> {
    take(conn, event, |rejection| {
        log::error!(
            "not sent: `#[intercept]` of {} on {} did not run: {}",
            Quoted(event.event()),
            Quoted(conn.topic()),
            Excerpt(text(rejection))
        );
    })
}

/// An argument of a `#[leave]` method; there is nobody to tell that it cannot be had.
pub fn leave_argument<'a, T: FromEvent<'a, Via>, Via>(
    _: Way<Via>,
    conn: ChannelConn<'a>,
    event: &ChannelEvent,
) -> Option<T> {
    take(conn, event, |rejection| {
        log::error!(
            "`#[leave]` of {} did not run: {}",
            Quoted(conn.topic()),
            Excerpt(text(rejection))
        );
    })
}

/// An argument of a `#[connect]` method; one that cannot be had refuses the client.
pub fn connect_argument<'a, T: FromEvent<'a, Via>, Via>(
    _: Way<Via>,
    conn: ChannelConn<'a>,
    event: &ChannelEvent,
) -> Option<T> {
    take(conn, event, |rejection| {
        log::debug!("connect refused: {}", Excerpt(text(rejection)));
        conn.refuse(Refused::new().because(ConnectRefusal::Params));
    })
}

/// An argument of a `#[disconnect]` method; there is nobody to tell that it cannot be had.
pub fn disconnect_argument<'a, T: FromEvent<'a, Via>, Via>(
    _: Way<Via>,
    conn: ChannelConn<'a>,
    event: &ChannelEvent,
) -> Option<T> {
    take(conn, event, |rejection| {
        log::error!("`#[disconnect]` did not run: {}", Excerpt(text(rejection)));
    })
}

fn take<'a, T: FromEvent<'a, Via>, Via>(
    conn: ChannelConn<'a>,
    event: &ChannelEvent,
    reject: impl FnOnce(&T::Rejection),
) -> Option<T> {
    match T::from_event(conn, event) {
        Ok(argument) => Some(argument),
        Err(rejection) => {
            reject(&rejection);
            None
        }
    }
}

/// There is no state for a method that takes one. The expansion has checked every join that can lead
/// to it, so this says that the topic was joined by something else.
pub fn no_state<S>(conn: ChannelConn<'_>) {
    log::error!(
        "a handler of {} did not run: no join has made its state `{}`",
        Quoted(conn.topic()),
        std::any::type_name::<S>()
    );
}

/// Checks that a join makes the state which a method of its topic takes.
pub fn makes<S, J: IntoJoin>(_: &J)
where
    J::State: Is<S>,
{
}

/// Says "the same type" in our words.
#[diagnostic::on_unimplemented(
    message = "this method takes the state `{S}`, but a `#[join]` that leads to its topic makes `{Self}`",
    label = "not the state that the join makes",
    note = "a `#[join]` makes a state by returning `Joined::new(state)`; a payload is taken by value"
)]
pub trait Is<S> {}

impl<S> Is<S> for S {}

/// Says "not `Send`" where it is called, and so at the method that is meant.
pub fn send<F: Future + Send>(future: F) -> impl Future<Output = F::Output> + Send {
    future
}

/// Carries out what a `#[connect]` method returned.
pub fn connected(conn: ChannelConn<'_>, _: &ChannelEvent, result: impl IntoConnect) {
    if let Err(refused) = result.into_connect() {
        conn.refuse(refused);
    }
}

/// Carries out what a `#[join]` method returned. What is wrong with the state is a matter of `S` alone,
/// so that it can be reported elsewhere than what is wrong with the rest.
pub fn joined<S: KeptState, J: IntoJoin<State = S>>(
    conn: ChannelConn<'_>,
    _: &ChannelEvent,
    result: J,
) {
    for event in conn.routes().into_iter().flat_map(Routes::intercepted) {
        conn.intercept(event);
    }
    if let Some((connection, joined)) = conn.joined() {
        match result.into_join() {
            Ok((state, reply)) => {
                *joined.state() = Some(Box::new(state));
                joined.accept(connection, &reply);
            }
            Err(reply) => joined.refuse(connection, JoinRefusal::Handler, &reply),
        }
    }
}

/// Carries out what an `#[on]` method returned.
pub fn replied(conn: ChannelConn<'_>, event: &ChannelEvent, result: impl IntoReply) {
    if let Some(reply) = result.into_reply() {
        conn.reply(event, &reply);
    }
}

/// Carries out what an `#[intercept]` method returned.
pub fn intercepted(conn: ChannelConn<'_>, event: &ChannelEvent, result: impl IntoPush) {
    if let Some(payload) = result.into_push() {
        let event = event.clone();
        conn.pass_on(ChannelEvent { payload, ..event });
    }
}

/// No method takes the broadcast after all, because a capture does not fit.
pub fn not_intercepted(conn: ChannelConn<'_>, event: ChannelEvent) {
    conn.pass_on(event);
}

/// Takes what a method returned that has nobody to answer: nothing.
pub fn ended(_: ChannelConn<'_>, _: &ChannelEvent, _: impl IntoNothing) {}

/// What an `#[info]`, `#[leave]` or `#[disconnect]` method may return.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the return type of an `#[info]`, `#[leave]` or `#[disconnect]` method",
    label = "nobody is there to take it",
    note = "return `()`: no client has asked, so there is none to answer"
)]
pub trait IntoNothing {}

impl IntoNothing for () {}

/// Answers a leave before its method runs, so that what the method sends follows the close (L-1).
pub fn leave(conn: ChannelConn<'_>, _: &ChannelEvent) {
    if let Some((connection, joined)) = conn.joined() {
        joined.answer_leave(connection, &Reply::ok(&()));
    }
}

/// The event that arguments of `#[connect]` and `#[disconnect]` are taken from: its payload is the
/// connect parameters.
pub fn connect_event(conn: ChannelConn<'_>) -> ChannelEvent {
    ChannelEvent::from_parts("".into(), "", conn.params().clone())
}

fn text(rejection: &impl Serialize) -> String {
    Payload::new(rejection).map_or_else(|error| error.to_string(), |payload| format!("{payload:?}"))
}

/// No method takes the event (M-12). Without a reference the client does not want to know.
pub fn unmatched_event(conn: ChannelConn<'_>, event: &ChannelEvent) {
    if event.reference().is_some() {
        conn.reply(event, &Reply::error("unmatched event"));
    }
    if let Some((_, joined)) = conn.joined() {
        joined.watch.unmatched();
    }
}
