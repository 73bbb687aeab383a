//! Methods that never run, because others with narrower patterns take every topic that can be joined.

use super::{Handler, Kind, Source, leads_to};
use crate::{
    errors::Errors,
    topic::{Shape, covers},
};
use quote::ToTokens;
use syn::LitStr;

pub(super) fn check(handlers: &[Handler<'_>], errors: &mut Errors) {
    let joins: Vec<_> = handlers
        .iter()
        .filter(|handler| handler.kind == Kind::Join)
        .collect();
    if joins.iter().any(|join| join.topic.is_none()) {
        return;
    }
    for handler in handlers {
        let takes_turns = matches!(handler.kind, Kind::On | Kind::Intercept | Kind::Leave);
        if !takes_turns || is_net(handler) {
            continue;
        }
        let leading = joins.iter().filter(|join| leads_to(join, handler, &joins));
        let in_front: Option<Vec<_>> = leading
            .map(|join| {
                let mut others = handlers.iter();
                let other = others.find(|other| is_in_front(other, handler, join));
                other.map(|other| (*join, other))
            })
            .collect();
        if let Some((join, other)) = in_front.iter().flatten().next() {
            report(handler, other, join, errors);
        }
    }
}

/// A `*` without an event is there for whatever may still come.
fn is_net(handler: &Handler<'_>) -> bool {
    let topic = handler.topic.as_ref();
    handler.event.is_none() && topic.is_none_or(|topic| topic.pattern.shape() == [Shape::Rest])
}

/// Whether the other method takes all that the join lets in of the topics of this one.
fn is_in_front(other: &Handler<'_>, handler: &Handler<'_>, join: &Handler<'_>) -> bool {
    let event = |handler: &Handler<'_>| handler.event.as_ref().map(LitStr::value);
    let (Some(narrow), Some(own), Some(from)) = (&other.topic, &handler.topic, &join.topic) else {
        return false;
    };
    let (narrow, own, from) = (
        narrow.pattern.shape(),
        own.pattern.shape(),
        from.pattern.shape(),
    );
    other.kind == handler.kind
        && event(other) == event(handler)
        && !other.is_conditional()
        && narrow < own
        && (covers(&narrow, &from) || covers(&narrow, &own))
        && parses_as(other, join)
}

/// Whether each capture of the method parses wherever it does in the join.
fn parses_as(other: &Handler<'_>, join: &Handler<'_>) -> bool {
    let is_in_join = |place: (usize, bool), written: String| {
        let mut joined = join.arguments.iter();
        joined.any(|argument| match argument.source {
            Source::Capture {
                segment,
                rest,
                parsed: true,
                ..
            } => (segment, rest) == place && argument.ty.to_token_stream().to_string() == written,
            _ => false,
        })
    };
    other
        .arguments
        .iter()
        .all(|argument| match argument.source {
            Source::Capture {
                segment,
                rest,
                parsed: true,
                ..
            } => is_in_join((segment, rest), argument.ty.to_token_stream().to_string()),
            _ => true,
        })
}

fn report(handler: &Handler<'_>, other: &Handler<'_>, join: &Handler<'_>, errors: &mut Errors) {
    let text = |handler: &Handler<'_>| {
        let topic = handler.topic.as_ref();
        topic.map_or_else(String::new, |topic| topic.text.value())
    };
    let message = format!(
        "`{}` never runs: `{}` takes every topic that `#[join({:?})]` lets in, \
         because `{}` is more specific than `{}`; remove one of the two",
        handler.signature.ident,
        other.signature.ident,
        text(join),
        text(other),
        text(handler),
    );
    errors.at(handler.topic.as_ref().map(|topic| &topic.text), message);
}
