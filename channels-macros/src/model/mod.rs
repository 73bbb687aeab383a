//! From syntax to facts. Every check is here and in the modules below, and so is every message but
//! those about an attribute's own syntax.

mod block;
mod capture;
mod joins;
mod narrow;
mod routing;
mod sends;
mod shadow;
mod signature;
mod state;

use self::joins::Joins;
use crate::{
    attribute::{self, Helper, Kind},
    errors::Errors,
    literal,
    parse::{ImplBlock, Item, Syntax},
    rate::Rate,
    topic::Pattern,
};
use proc_macro2::{Ident, Span};
use quote::ToTokens;
use std::ptr;
use syn::{Attribute, LitStr, Path, ReturnType, Signature, Type, spanned::Spanned};

pub(crate) use block::{correct_joins, is_async_trait, is_channel};
pub(crate) use narrow::Narrow;
pub(crate) use routing::{Joinable, Table};
pub(crate) use sends::correct_sends;
pub(crate) use signature::{Argument, Source};

/// What a block declares. If there were mistakes, only what was understood of it.
pub(crate) struct Model<'a> {
    handlers: Vec<Handler<'a>>,
    pub(crate) table: Table,
}

/// A method with a helper attribute.
pub(crate) struct Handler<'a> {
    pub(crate) kind: Kind,
    /// The name of the attribute, as written.
    path: &'a Path,
    pub(crate) topic: Option<Topic>,
    pub(crate) event: Option<LitStr>,
    pub(crate) overflow: Option<Ident>,
    rate: Option<Rate>,
    pub(crate) signature: &'a Signature,
    attrs: &'a [Attribute],
    pub(crate) arguments: Vec<Argument<'a>>,
}

pub(crate) struct Topic {
    pub(crate) text: LitStr,
    pub(crate) pattern: Pattern,
}

impl<'a> Model<'a> {
    pub(crate) fn new(block: &'a ImplBlock, errors: &mut Errors) -> Self {
        block::check(block, errors);
        let handlers: Vec<_> = if block.syntax.trait_.is_some() {
            Vec::new()
        } else {
            let joins = Joins::new(block);
            let items = block.items.iter();
            items
                .filter_map(|item| handler(item, &joins, errors))
                .collect()
        };
        routing::check_duplicates(&handlers, errors);
        if !block.items.iter().any(Item::is_unreadable) {
            routing::check_reachable(&handlers, errors);
            shadow::check(&handlers, errors);
        }
        let table = Table::new(&handlers, errors);
        Self { handlers, table }
    }

    /// The methods with a state which topics that come in by this `#[join]` may get to. Of joins that
    /// return the same, one speaks for all.
    pub(crate) fn states_behind(&self, join: &Handler<'a>) -> Vec<&Handler<'a>> {
        let joins = self.handlers(Kind::Join);
        let before = joins
            .iter()
            .take_while(|other| !ptr::eq(**other, join))
            .filter(|other| !other.is_conditional() && other.returns_same(join));
        let takes_state = self.handlers.iter().filter(|taker| taker.state().is_some());
        takes_state
            .filter(|taker| leads_to(join, taker, &joins))
            .filter(|taker| {
                let mut before = before.clone();
                !before.any(|other| leads_to(other, taker, &joins))
            })
            .collect()
    }

    /// Whether an argument has the type that a `#[join]` of its topic makes the state of, as far as it is
    /// written. It can only be a payload, and so it is if rustc finds that it can be decoded.
    pub(crate) fn is_state(&self, taker: &Handler<'a>, ty: &Type) -> bool {
        if !matches!(taker.kind, Kind::On | Kind::Leave | Kind::Intercept) {
            return false;
        }
        let Some(topic) = &taker.topic else {
            return false;
        };
        let joins = self.handlers(Kind::Join);
        let mut leading = joins
            .iter()
            .filter(|join| routing::leads_to(join, topic, &joins));
        let text = |ty: &Type| ty.to_token_stream().to_string();
        leading.any(|join| {
            state::made(&join.signature.output).is_some_and(|made| text(made) == text(ty))
        })
    }

    /// The methods that intercept a broadcast on the topics of this row.
    pub(crate) fn intercepting(&self, row: usize) -> impl Iterator<Item = &Handler<'a>> {
        let in_row = move |handler: &&Handler<'_>| {
            let mut topic = handler.topic.iter();
            topic.any(|topic| self.table.id(topic) == row)
        };
        self.handlers(Kind::Intercept).into_iter().filter(in_row)
    }

    /// The rate of a method, and its number among those that have one.
    pub(crate) fn rate(&self, handler: &Handler<'_>) -> Option<(usize, Rate)> {
        let rate = handler.rate?;
        let before = self
            .handlers
            .iter()
            .take_while(|other| !ptr::eq(*other, handler));
        let number = before.filter(|other| other.rate.is_some()).count();
        Some((number, rate))
    }

    /// The methods of one kind, those of the most specific patterns first.
    pub(crate) fn handlers(&self, kind: Kind) -> Vec<&Handler<'a>> {
        let of_kind = |handler: &&Handler<'_>| handler.kind == kind;
        let mut handlers: Vec<_> = self.handlers.iter().filter(of_kind).collect();
        handlers.sort_by_key(|handler| handler.topic.as_ref().map(|topic| self.table.id(topic)));
        handlers
    }
}

impl Handler<'_> {
    /// The conditions under which the method is there at all.
    pub(crate) fn cfgs(&self) -> impl Iterator<Item = &Attribute> {
        let is_cfg = |attribute: &&Attribute| attribute.path().is_ident("cfg");
        self.attrs.iter().filter(is_cfg)
    }

    pub(crate) fn is_deprecated(&self) -> bool {
        let mut attrs = self.attrs.iter();
        attrs.any(|attribute| attribute.path().is_ident("deprecated"))
    }

    /// The state that the method takes.
    pub(crate) fn state(&self) -> Option<&Argument<'_>> {
        let mut arguments = self.arguments.iter();
        arguments.find(|argument| matches!(argument.source, Source::State))
    }

    /// The types of the arguments that are taken from an event or a message, in no order.
    fn types_from_event(&self) -> Vec<String> {
        let arguments = self.arguments.iter();
        let from_event = arguments.filter(|argument| matches!(argument.source, Source::Event));
        let mut types: Vec<_> = from_event
            .map(|argument| argument.ty.to_token_stream().to_string())
            .collect();
        types.sort();
        types
    }

    /// Whether a topic that fits the pattern always gets here: no capture of it is parsed.
    fn takes_all(&self) -> bool {
        let mut arguments = self.arguments.iter();
        !arguments.any(|argument| matches!(argument.source, Source::Capture { parsed: true, .. }))
    }

    /// Whether both return the same type, as far as it is written.
    fn returns_same(&self, other: &Self) -> bool {
        let output = |handler: &Self| handler.signature.output.to_token_stream().to_string();
        // Each `impl Trait` is a type of its own.
        output(self) == output(other) && !output(self).contains("impl ")
    }

    fn is_conditional(&self) -> bool {
        self.cfgs().next().is_some()
    }

    /// Where to report what is wrong with the state that a join makes.
    pub(crate) fn made_span(&self) -> Option<Span> {
        let made = || state::made(&self.signature.output).map(Spanned::span);
        let is_join = self.kind == Kind::Join;
        is_join.then(|| made().unwrap_or_else(|| self.output_span()))
    }

    /// Where to report what is wrong with the returned value.
    pub(crate) fn output_span(&self) -> Span {
        match &self.signature.output {
            ReturnType::Default => self.signature.ident.span(),
            ReturnType::Type(_, ty) => ty.span(),
        }
    }
}

/// Whether a topic may be joined by `join` and then be one of `taker`.
fn leads_to(join: &Handler<'_>, taker: &Handler<'_>, joins: &[&Handler<'_>]) -> bool {
    let topic = taker.topic.as_ref();
    topic.is_some_and(|topic| routing::leads_to(join, topic, joins))
}

/// Reads an item; `None` if it handles nothing or cannot be understood.
fn handler<'a>(item: &'a Item, joins: &Joins<'_>, errors: &mut Errors) -> Option<Handler<'a>> {
    for (kind, path) in item.attrs.iter().flat_map(attribute::conditional) {
        let name = kind.name();
        let message = format!("`#[{name}]` cannot be inside `cfg_attr`; put a `#[cfg]` beside it");
        errors.at(path, message);
    }
    let signature = match &item.syntax {
        Syntax::Method(signature) => signature,
        Syntax::Macro(path) => {
            let message = "a macro call in a `#[channel]` block could hide methods from it; \
                           move it to a block of its own";
            errors.at(path, message);
            return None;
        }
        Syntax::Other => {
            for (kind, attribute) in helpers(item) {
                let message = format!("`#[{}]` goes on a method", kind.name());
                errors.at(attribute.path(), message);
            }
            return None;
        }
        Syntax::Unreadable(_) => return None,
    };
    let mut helpers = helpers(item);
    let (kind, attribute) = helpers.next()?;
    for (other, attribute) in helpers {
        errors.at(attribute.path(), second_helper(kind, other));
    }
    let helper = Helper::parse(kind, attribute, errors);
    let topic = helper.topic.and_then(|text| topic(kind, text, errors));
    let event = helper.event.as_ref();
    let topic = topic.filter(|topic| check_order(kind, topic, event, joins, errors));
    check_literal(kind, topic.as_ref(), event, errors);
    if kind == Kind::Join {
        state::check(&signature.output, errors);
    }
    // Nothing can be said about the captures of a pattern that is wrong itself.
    let arguments = match &topic {
        None if kind.has_topic() => signature::arguments_of_unknown(signature, errors),
        topic => signature::arguments(signature, kind, topic.as_ref(), joins, errors),
    };
    Some(Handler {
        kind,
        path: helper.path,
        topic,
        event: helper.event,
        overflow: helper.overflow,
        rate: helper.rate,
        signature,
        attrs: &item.attrs,
        arguments,
    })
}

fn helpers(item: &Item) -> impl Iterator<Item = (Kind, &Attribute)> {
    let attrs = item.attrs.iter();
    attrs.filter_map(|attribute| Some((Kind::of(attribute.path())?, attribute)))
}

fn second_helper(first: Kind, second: Kind) -> String {
    let (first, second) = (first.name(), second.name());
    if first == second {
        format!("a method takes one `#[{first}]`; write a method for each")
    } else {
        format!("a method cannot be `#[{first}]` and `#[{second}]`; write a method for each")
    }
}

fn topic(kind: Kind, text: LitStr, errors: &mut Errors) -> Option<Topic> {
    let pattern = match literal::topic(&text.value(), kind) {
        Some(message) => Err(message),
        None => Pattern::parse(&text.value()),
    };
    let pattern = pattern.map_err(|message| syn::Error::new(text.span(), message));
    let pattern = errors.keep(pattern)?;
    Some(Topic { text, pattern })
}

/// The pattern of a `#[join]` method, if it is right; else `handler` says what is wrong.
fn join(item: &Item) -> Option<Topic> {
    let (kind, attribute) = helpers(item).next()?;
    let mut unsaid = Errors::default();
    let helper = Helper::parse(kind, attribute, &mut unsaid);
    let text = helper.topic.filter(|_| kind == Kind::Join)?;
    topic(kind, text, &mut unsaid)
}

/// An event is no pattern.
fn check_literal(kind: Kind, topic: Option<&Topic>, event: Option<&LitStr>, errors: &mut Errors) {
    let (Some(topic), Some(event)) = (topic, event) else {
        return;
    };
    let pattern = topic.text.value();
    let fallback = format!("`#[on({pattern:?})]` for every event that no other method takes");
    let fallback = Some(fallback.as_str()).filter(|_| kind == Kind::On);
    if let Some(message) = literal::event(&event.value(), fallback) {
        errors.at(event, message);
    }
}

/// Whether the topic is where it should be.
fn check_order(
    kind: Kind,
    topic: &Topic,
    event: Option<&LitStr>,
    joins: &Joins<'_>,
    errors: &mut Errors,
) -> bool {
    let swapped = event.filter(|event| joins.are_swapped(topic, event));
    if let Some(event) = swapped {
        let (attribute, text, event) = (kind.name(), topic.text.value(), event.value());
        let message = format!(
            "no `#[join]` leads to `{text}`; the topic comes first: \
             `#[{attribute}({event:?}, {text:?})]`"
        );
        errors.at(&topic.text, message);
    }
    swapped.is_none()
}
