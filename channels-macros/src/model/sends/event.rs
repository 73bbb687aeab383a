//! `(topic, "event", payload)`, where each of the three is what it should be.

use super::{Call, Declared, Method};
use crate::{
    errors::Errors,
    model::signature::as_written,
    topic::{self, Pattern},
};
use proc_macro2::TokenStream;
use quote::quote;
use syn::{Expr, ExprLit, Lit, LitStr};

/// Reports the first mistake in a tuple. Gives it anew where rustc would complain of the same.
pub(super) fn check(
    call: &Call<'_>,
    method: &Method<'_>,
    elements: &[&Expr],
    errors: &mut Errors,
) -> Option<TokenStream> {
    let (first, second, third) = match elements {
        [first, second] => (first, second, None),
        [first, second, third] => (first, second, Some(third)),
        _ => return None,
    };
    if let Some(event) = text(second).filter(|event| event.value().starts_with("phx_")) {
        let name = event.value();
        let message = format!(
            "the event `{name}` belongs to the protocol, like all that begin with `phx_`, and is not sent"
        );
        errors.at(event, message);
    } else if let Some(message) = topic_message(call, method, first, second, third.copied()) {
        errors.at(first, message);
        let is_raw = third.is_some() || text(second).is_some() || is_own_topic(second);
        return (!is_raw).then(|| quote!((#first, "", #second)));
    } else if let Some(payload) = third.filter(|payload| is_plain(payload, method)) {
        let (topic, event) = (as_written(first), as_written(second));
        let written = as_written(*payload);
        let message = format!(
            "clients expect an object, so that a text, a number or a boolean alone is not sent: give it a name, \
             `({topic}, {event}, json!({{\"name\": {written}}}))`, or send a type with `#[derive(Event)]`"
        );
        errors.at(payload, message);
    }
    None
}

/// What is wrong with the topic, if something is for certain.
fn topic_message(
    call: &Call<'_>,
    method: &Method<'_>,
    first: &Expr,
    second: &Expr,
    third: Option<&Expr>,
) -> Option<String> {
    let own = call.topic.as_ref()?;
    let written = text(first)?;
    let name = written.value();
    let declared = method.declared;
    if declared.lead_to(&name)? {
        return None;
    }
    let first = as_written(first);
    let third = third.map(|third| format!(", {}", as_written(third)));
    let third = third.unwrap_or_default();
    let swapped = text(second).map_or_else(
        || is_own_topic(second),
        |second| declared.lead_to(&second.value()) == Some(true),
    );
    if swapped {
        let second = as_written(second);
        return Some(format!(
            "no `#[join]` leads to `{name}`; the topic comes first: `({second}, {first}{third})`"
        ));
    }
    if declared.events.contains(&name) || (third.is_empty() && is_payload(second, method)) {
        let rest = match text(second) {
            Some(_) => third,
            None => format!(", {}", as_written(second)),
        };
        return Some(format!(
            "this is the topic, and no `#[join]` leads to `{name}`; an event comes second: \
             `({own}, {first}{rest})`"
        ));
    }
    None
}

impl Declared {
    /// Whether some `#[join]` leads to the topic; `None` if that cannot be said.
    fn lead_to(&self, topic: &str) -> Option<bool> {
        let joins = self.joins.as_ref()?;
        // A topic has no captures, whatever its characters.
        let segments = topic
            .split(':')
            .map(|text| topic::Shape::Literal(text.to_owned()));
        let topic: Vec<_> = segments.collect();
        let shapes = joins.iter().map(|join| Pattern::shape(&join.pattern));
        let mut shapes = shapes.map(|shape| topic::overlap(&shape, &topic));
        Some(shapes.any(|leads| leads))
    }
}

/// A text that is written out.
fn text(value: &Expr) -> Option<&LitStr> {
    match value {
        Expr::Lit(ExprLit {
            lit: Lit::Str(text),
            ..
        }) => Some(text),
        Expr::Group(group) => text(&group.expr),
        _ => None,
    }
}

/// `conn.topic()`
fn is_own_topic(value: &Expr) -> bool {
    matches!(value, Expr::MethodCall(call) if call.method == "topic" && call.args.is_empty())
}

/// Whether this is a value of a type of the user's: `Message { .. }`, `Message::new(..)`, or such an argument.
fn is_payload(value: &Expr, method: &Method<'_>) -> bool {
    let begins_type = |path: &syn::Path| {
        let mut segments = path.segments.iter();
        segments.any(|segment| {
            let name = segment.ident.to_string();
            name.starts_with(char::is_uppercase) && name.contains(char::is_lowercase)
        })
    };
    match value {
        Expr::Struct(_) => true,
        Expr::Reference(reference) => is_payload(&reference.expr, method),
        Expr::Call(call) => is_payload(&call.func, method),
        Expr::MethodCall(call) if call.method == "clone" => is_payload(&call.receiver, method),
        Expr::Path(path) => match path.path.get_ident() {
            Some(name) if !begins_type(&path.path) => method.bindings.is_value(name, method.body),
            _ => begins_type(&path.path),
        },
        _ => false,
    }
}

/// Whether this encodes as a text, a number or a boolean for certain.
fn is_plain(value: &Expr, method: &Method<'_>) -> bool {
    match value {
        Expr::Lit(_) => true,
        Expr::Reference(reference) => is_plain(&reference.expr, method),
        Expr::Macro(call) => call.mac.path.is_ident("format"),
        Expr::MethodCall(call) => {
            let keeps = ["clone", "as_str"].iter().any(|name| call.method == name);
            let texts = ["to_string", "to_owned", "into_string"];
            let is_literal = matches!(&*call.receiver, Expr::Lit(_));
            call.method == "to_string"
                || (keeps && is_plain(&call.receiver, method))
                || (is_literal && texts.iter().any(|name| call.method == name))
        }
        Expr::Path(path) => {
            let name = path.path.get_ident();
            name.is_some_and(|name| method.bindings.is_plain(name, method.body))
        }
        _ => false,
    }
}
