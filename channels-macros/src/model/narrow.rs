//! Captures that a method parses into another type than the join does. Topics that the join lets in may
//! then never get to the method.

use super::{Argument, Handler, Kind, Model, Source, leads_to};
use crate::topic::covers;
use quote::ToTokens;
use std::ptr;
use syn::{LitStr, Type};

/// A capture of a method beside the capture of that name in a join. Which type takes more, rustc knows.
pub(crate) struct Narrow<'m, 'a> {
    pub(crate) name: &'m str,
    pub(crate) ty: &'a Type,
    pub(crate) join: &'m Handler<'a>,
    /// The type in the join, or `None` if it takes the text as it is.
    pub(crate) joined: Option<&'a Type>,
}

impl<'a> Model<'a> {
    /// The captures of a method that may be narrower than in a join which leads to it, where nobody
    /// else takes what the method leaves.
    pub(crate) fn narrow<'m>(&'m self, handler: &'m Handler<'a>) -> Vec<Narrow<'m, 'a>> {
        let mut found = Vec::new();
        if handler.kind == Kind::Join {
            return found;
        }
        let joins = self.handlers(Kind::Join);
        let leading = joins.iter().filter(|join| leads_to(join, handler, &joins));
        for join in leading {
            if self
                .handlers
                .iter()
                .any(|other| takes_rest(other, handler, join))
            {
                continue;
            }
            for argument in &handler.arguments {
                found.extend(compare(argument, join));
            }
        }
        found
    }
}

/// Whether a topic of this join that the method does not take has another method.
fn takes_rest(other: &Handler<'_>, handler: &Handler<'_>, join: &Handler<'_>) -> bool {
    let event = |handler: &Handler<'_>| handler.event.as_ref().map(LitStr::value);
    let same_event = event(other) == event(handler);
    let is_fallback = other.kind == Kind::On && other.event.is_none();
    let (Some(broad), Some(own), Some(from)) = (&other.topic, &handler.topic, &join.topic) else {
        return false;
    };
    let (broad, own, from) = (
        broad.pattern.shape(),
        own.pattern.shape(),
        from.pattern.shape(),
    );
    other.kind == handler.kind
        && !ptr::eq(other, handler)
        && (same_event || is_fallback)
        && (covers(&broad, &own) || covers(&broad, &from))
}

fn compare<'m, 'a>(argument: &'m Argument<'a>, join: &'m Handler<'a>) -> Option<Narrow<'m, 'a>> {
    let (name, place) = parsed(argument)?;
    let mut joined = join.arguments.iter();
    // One that the join ignores, as `_name`, has no type that counts.
    let joined = joined.find(|joined| capture(joined) == Some((name, place)))?;
    let is_same = written(joined.ty) == written(argument.ty);
    (!is_same).then_some(Narrow {
        name,
        ty: argument.ty,
        join,
        joined: parsed(joined).map(|_| joined.ty),
    })
}

/// The name of a capture, and which it is.
fn capture<'m>(argument: &'m Argument<'_>) -> Option<(&'m str, (usize, bool))> {
    match &argument.source {
        Source::Capture {
            name,
            segment,
            rest,
            ..
        } => Some((name, (*segment, *rest))),
        Source::State | Source::Event => None,
    }
}

fn parsed<'m>(argument: &'m Argument<'_>) -> Option<(&'m str, (usize, bool))> {
    let is_parsed = matches!(argument.source, Source::Capture { parsed: true, .. });
    capture(argument).filter(|_| is_parsed)
}

fn written(ty: &Type) -> String {
    ty.to_token_stream().to_string()
}
