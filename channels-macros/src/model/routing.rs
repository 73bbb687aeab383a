//! How the patterns of a block stand to each other.

use super::{Handler, Kind, Topic};
use crate::{
    errors::Errors,
    topic::{self, Pattern, Shape},
};
use proc_macro2::TokenStream;
use quote::quote;
use std::collections::BTreeMap;
use syn::{Attribute, LitStr, Meta};

/// The patterns of a block, from the most to the least specific. The place of a pattern is its id.
pub(crate) struct Table {
    pub(crate) rows: Vec<Row>,
}

pub(crate) struct Row {
    pub(crate) shape: Vec<Shape>,
    /// The pattern as one of the methods writes it.
    pub(crate) text: String,
    pub(crate) paths: Vec<String>,
    pub(crate) layer: usize,
    pub(crate) joinable: Joinable,
}

/// Whether a `#[join]` names a pattern.
pub(crate) enum Joinable {
    Always,
    Never,
    /// Under one of these conditions.
    If(Vec<TokenStream>),
}

impl Table {
    pub(super) fn new(handlers: &[Handler<'_>], errors: &mut Errors) -> Self {
        let mut topics: BTreeMap<Vec<Shape>, (&Topic, Joinable)> = BTreeMap::new();
        for handler in handlers {
            if let Some(topic) = &handler.topic {
                let entry = topics.entry(topic.pattern.shape());
                let (_, joinable) = entry.or_insert((topic, Joinable::Never));
                if handler.kind == Kind::Join {
                    joinable.or(handler);
                }
            }
        }
        let patterns: Vec<_> = topics.values().map(|(topic, _)| &topic.pattern).collect();
        let layers = topic::layers(&patterns).unwrap_or_else(|refused| {
            if let Some((topic, _)) = topics.values().nth(refused) {
                errors.at(&topic.text, "the router cannot match this topic pattern");
            }
            Vec::new()
        });
        let rows = topics.into_iter().zip(layers);
        let rows = rows.map(|((shape, (topic, joinable)), layer)| Row {
            shape,
            text: topic.text.value(),
            paths: topic.pattern.paths(),
            layer,
            joinable,
        });
        Self {
            rows: rows.collect(),
        }
    }

    pub(crate) fn id(&self, topic: &Topic) -> usize {
        let shape = topic.pattern.shape();
        self.rows.partition_point(|row| row.shape < shape)
    }
}

impl Joinable {
    /// Adds what a `#[join]` method contributes.
    fn or(&mut self, handler: &Handler<'_>) {
        let condition = |attribute: &Attribute| match &attribute.meta {
            Meta::List(list) => Some(list.tokens.clone()),
            _ => None,
        };
        let conditions: Vec<_> = handler.cfgs().filter_map(condition).collect();
        if conditions.is_empty() {
            *self = Self::Always;
            return;
        }
        let all = quote!(all(#(#conditions),*));
        match self {
            Self::Always => {}
            Self::Never => *self = Self::If(vec![all]),
            Self::If(others) => others.push(all),
        }
    }
}

/// Two methods for one thing, of which one could never run. With a `#[cfg]` on either, rustc knows
/// better whether both are there, and warns then.
pub(super) fn check_duplicates(handlers: &[Handler<'_>], errors: &mut Errors) {
    let mut seen: BTreeMap<_, &Handler<'_>> = BTreeMap::new();
    for handler in handlers {
        let is_mistaken = handler.kind.has_topic() != handler.topic.is_some();
        if is_mistaken || handler.is_conditional() {
            continue;
        }
        let shape = handler.topic.as_ref().map(|topic| topic.pattern.shape());
        let event = handler.event.as_ref().map(LitStr::value);
        // Messages from inside are told apart by a type. Which one it is rustc alone knows, but if all
        // of them are the same, so is that one.
        let types = match handler.kind {
            Kind::Info => handler.types_from_event(),
            _ => Vec::new(),
        };
        let key = (handler.kind.name(), shape, event, types);
        match seen.get(&key) {
            Some(first) => report_duplicate(first, handler, errors),
            None => _ = seen.insert(key, handler),
        }
    }
}

fn report_duplicate(first: &Handler<'_>, second: &Handler<'_>, errors: &mut Errors) {
    let attribute = second.kind.name();
    let methods = format!(
        "methods `{}` and `{}`",
        first.signature.ident, second.signature.ident
    );
    let (Some(other), Some(topic)) = (&first.topic, &second.topic) else {
        let message = format!("{methods} are both `#[{attribute}]`; a channel has one");
        errors.at(second.path, message);
        return;
    };
    let (other, text) = (other.text.value(), topic.text.value());
    let event = second
        .event
        .as_ref()
        .map_or_else(String::new, |event| format!(", {:?}", event.value()));
    let same = if text == other {
        String::new()
    } else {
        format!("; `{other}` and `{text}` match the same topics")
    };
    let message = match second.kind {
        Kind::Info => {
            format!("{methods} take the same message of `#[{attribute}({text:?})]`{same}")
        }
        _ => format!("{methods} are both `#[{attribute}({text:?}{event})]`{same}"),
    };
    errors.at(&topic.text, message);
}

/// Handlers run on joined topics only, so a topic that cannot be joined is a slip of the pen.
pub(super) fn check_reachable(handlers: &[Handler<'_>], errors: &mut Errors) {
    let joins = || handlers.iter().filter(|handler| handler.kind == Kind::Join);
    if joins().any(|join| join.topic.is_none()) {
        return;
    }
    let joins: Vec<_> = joins().filter_map(|join| join.topic.as_ref()).collect();
    for handler in handlers.iter().filter(|handler| handler.kind != Kind::Join) {
        let Some(topic) = &handler.topic else {
            continue;
        };
        let shape = topic.pattern.shape();
        let shape_of = |join: &Topic| Pattern::shape(&join.pattern);
        if joins
            .iter()
            .any(|join| topic::overlap(&shape, &shape_of(join)))
        {
            continue;
        }
        let far = |join: &&&Topic| topic::distance(&shape, &shape_of(join));
        if let Some(nearest) = joins.iter().min_by_key(far) {
            let message = unreachable(topic, nearest, far(&nearest));
            errors.at(&topic.text, message);
        }
    }
}

/// Whether a topic may be joined by `join` and match the pattern `to` as well: both match
/// it, and no join that is more specific takes all such topics away.
pub(super) fn leads_to(join: &Handler<'_>, to: &Topic, joins: &[&Handler<'_>]) -> bool {
    let Some(from) = &join.topic else {
        return false;
    };
    let (from, to) = (from.pattern.shape(), to.pattern.shape());
    let takes_away = |other: &&Handler<'_>| {
        let shape = other.topic.as_ref().map(|topic| topic.pattern.shape());
        let before = shape.filter(|shape| *shape < from);
        !other.is_conditional()
            && other.takes_all()
            && before.is_some_and(|shape| topic::covers(&shape, &to))
    };
    topic::overlap(&from, &to) && !joins.iter().any(takes_away)
}

fn unreachable(topic: &Topic, nearest: &Topic, far: usize) -> String {
    // As far as a misspelt word may be from what was meant.
    const CLOSE: usize = 3;
    let (topic, nearest) = (topic.text.value(), nearest.text.value());
    let hint = if far <= CLOSE {
        format!("did you mean `{nearest}`?")
    } else {
        format!("the nearest is `#[join(\"{nearest}\")]`")
    };
    format!("no `#[join]` leads to `{topic}`; {hint}")
}
