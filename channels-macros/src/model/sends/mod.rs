//! What a method sends, as far as it can be read off its body: `conn.push(..)` and its like. Types do not
//! tell a topic from an event, and a text is as serializable as an object; what is written out does.
//!
//! Only what is certain is a mistake. A body that is not understood is left to rustc and to the runtime.

mod arguments;
mod bindings;
mod event;

use super::{Item, Kind, Topic, attribute::Helper, helpers, join};
use crate::{
    errors::Errors,
    parse::{ImplBlock, Syntax},
};
use bindings::Bindings;
use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};
use quote::quote;
use syn::{Expr, Token, parse::Parser, punctuated::Punctuated};

/// The methods of the runtime that send an event.
const SENDING: [&str; 3] = ["push", "broadcast", "broadcast_from"];

/// What a block declares, to hold against what it sends.
struct Declared {
    /// None if one of them is mistaken.
    joins: Option<Vec<Topic>>,
    events: Vec<String>,
}

/// A method that is looked at.
struct Method<'a> {
    declared: &'a Declared,
    bindings: Bindings<'a>,
    body: &'a TokenStream,
}

/// Reports what is sent and cannot be meant. A call that rustc would complain of is put right, so that it says
/// nothing more about it.
pub(crate) fn correct_sends(block: &mut ImplBlock, errors: &mut Errors) {
    if block.syntax.trait_.is_some() {
        return;
    }
    let declared = Declared {
        joins: joins(block),
        events: block.items.iter().filter_map(event_of).collect(),
    };
    for item in &mut block.items {
        let Some(body) = item.body().filter(|body| mentions_sending(body.clone())) else {
            continue;
        };
        let Syntax::Method(signature) = &item.syntax else {
            continue;
        };
        let method = Method {
            declared: &declared,
            bindings: Bindings::of(signature),
            body: &body,
        };
        if let Some(corrected) = method.check(body.clone(), errors) {
            item.set_body(corrected);
        }
    }
}

fn joins(block: &ImplBlock) -> Option<Vec<Topic>> {
    let is_join = |item: &&Item| helpers(item).any(|(kind, _)| kind == Kind::Join);
    let is_opaque = |item: &Item| matches!(item.syntax, Syntax::Macro(_) | Syntax::Unreadable(_));
    if block.items.iter().any(is_opaque) {
        return None;
    }
    block.items.iter().filter(is_join).map(join).collect()
}

/// The event that a method takes or intercepts.
fn event_of(item: &Item) -> Option<String> {
    let (kind, attribute) = helpers(item).next()?;
    let helper = Helper::parse(kind, attribute, &mut Errors::default());
    let event = helper
        .event
        .filter(|_| matches!(kind, Kind::On | Kind::Intercept));
    event.map(|event| event.value())
}

fn mentions_sending(tokens: TokenStream) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(name) => is_sending(&name),
        TokenTree::Group(group) => mentions_sending(group.stream()),
        _ => false,
    })
}

fn is_sending(name: &Ident) -> bool {
    SENDING.iter().any(|sending| name == sending)
}

impl Method<'_> {
    /// Looks for calls, also in blocks and closures. Gives the tokens anew if some were put right.
    fn check(&self, tokens: TokenStream, errors: &mut Errors) -> Option<TokenStream> {
        let mut tokens: Vec<_> = tokens.into_iter().collect();
        let mut corrected = false;
        for index in 0..tokens.len() {
            let (before, rest) = tokens.split_at_mut(index);
            let Some(TokenTree::Group(group)) = rest.first_mut() else {
                continue;
            };
            let call = before
                .split_last_chunk()
                .filter(|_| group.delimiter() == Delimiter::Parenthesis)
                .and_then(|(receiver, [dot, name])| self.call(receiver, dot, name));
            let put_right = call.and_then(|call| call.check(self, &group.stream(), errors));
            if let Some(inner) = put_right.or_else(|| self.check(group.stream(), errors)) {
                let mut new = Group::new(group.delimiter(), inner);
                new.set_span(group.span());
                *group = new;
                corrected = true;
            }
        }
        corrected.then(|| tokens.into_iter().collect())
    }

    /// The call that parentheses belong to, if it sends something.
    fn call<'t>(
        &self,
        receiver: &'t [TokenTree],
        dot: &TokenTree,
        name: &'t TokenTree,
    ) -> Option<Call<'t>> {
        let TokenTree::Ident(name) = name else {
            return None;
        };
        let is_dot = matches!(dot, TokenTree::Punct(punct) if punct.as_char() == '.');
        if !is_dot || !is_sending(name) {
            return None;
        }
        match receiver {
            // `conn.broadcaster()`
            [.., TokenTree::Ident(getter), TokenTree::Group(_)] if getter == "broadcaster" => {
                Some(Call { name, topic: None })
            }
            [.., TokenTree::Punct(dot), TokenTree::Ident(_)] if dot.as_char() == '.' => None,
            [.., TokenTree::Ident(receiver)] => {
                let topic = self.bindings.sender(receiver)?.own_topic(receiver);
                Some(Call { name, topic })
            }
            _ => None,
        }
    }
}

/// A call that sends something.
struct Call<'t> {
    name: &'t Ident,
    /// How its own topic is written; `None` where it has none.
    topic: Option<String>,
}

impl Call<'_> {
    /// Checks what stands in the parentheses.
    fn check(
        &self,
        method: &Method<'_>,
        arguments: &TokenStream,
        errors: &mut Errors,
    ) -> Option<TokenStream> {
        let parser = Punctuated::<Expr, Token![,]>::parse_terminated;
        let arguments: Vec<_> = parser.parse2(arguments.clone()).ok()?.into_iter().collect();
        match &arguments[..] {
            [Expr::Tuple(tuple)] => {
                let elements: Vec<_> = tuple.elems.iter().collect();
                event::check(self, method, &elements, errors)
            }
            [first, rest @ ..] if !rest.is_empty() && self.name != "broadcast_from" => {
                arguments::report(self, first, rest, errors);
                Some(put_right(first, rest))
            }
            [first, rest @ ..] if !rest.is_empty() && self.topic.is_some() => {
                arguments::report(self, first, rest, errors);
                Some(put_right(first, rest))
            }
            _ => None,
        }
    }
}

/// The arguments as one, which rustc takes.
fn put_right(first: &Expr, rest: &[Expr]) -> TokenStream {
    match rest {
        [payload] => quote!((#first, "", #payload)),
        [event, payload, ..] => quote!((#first, #event, #payload)),
        [] => quote!((#first, "")),
    }
}
