//! What must hold for the block itself, whatever its methods.

use super::attribute::{self, Kind};
use crate::{
    errors::Errors,
    parse::{ImplBlock, Item, Syntax},
    topic::spelling,
};
use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Attribute, Generics, Meta, Path};

pub(super) fn check(block: &ImplBlock, errors: &mut Errors) {
    for again in block.syntax.attrs.iter().filter(|attr| is_channel(attr)) {
        errors.at(again.path(), "a block takes one `#[channel]`");
    }
    for superfluous in block
        .syntax
        .attrs
        .iter()
        .filter(|attr| is_async_trait(attr))
    {
        let message = "`#[async_trait]` is for traits, and methods of this block are `async` as they are; remove it";
        errors.at(superfluous.path(), message);
    }
    if let Some((path, _)) = &block.syntax.trait_ {
        errors.at(path, "`#[channel]` goes on an `impl` block without a trait");
        return;
    }
    check_has_join(block, errors);
    let self_ty = block.syntax.self_ty.to_token_stream();
    if let Some(lifetime) = find_lifetime(self_ty, &block.syntax.generics) {
        let message = "a channel lives as long as its server, so it cannot borrow; \
                       own the data, or share it in an `Arc`";
        errors.at_span(lifetime, message);
    }
}

/// Whether the attribute is this macro's own, as far as its name tells. The first one has been taken
/// away when the block gets here.
pub(crate) fn is_channel(attribute: &Attribute) -> bool {
    let last = attribute.path().segments.last();
    last.is_some_and(|segment| segment.ident == "channel")
}

/// Whether the attribute is one that would find fault with a block that has no trait. It is reported and left
/// out, so that it does not.
pub(crate) fn is_async_trait(attribute: &Attribute) -> bool {
    let last = attribute.path().segments.last();
    last.is_some_and(|segment| segment.ident == "async_trait")
}

/// A lifetime other than `'static`.
fn find_lifetime(tokens: TokenStream, generics: &Generics) -> Option<Span> {
    let mut after_quote = false;
    tokens.into_iter().find_map(|token| {
        let is_name = after_quote;
        after_quote = matches!(&token, TokenTree::Punct(punct) if punct.as_char() == '\'');
        match token {
            TokenTree::Ident(name) if is_name => {
                let mut declared = generics.lifetimes();
                let is_declared = declared.any(|own| own.lifetime.ident == name);
                (is_declared || name == "_").then(|| name.span())
            }
            TokenTree::Group(group) => find_lifetime(group.stream(), generics),
            _ => None,
        }
    })
}

/// A block without a join is no channel, for nobody could reach it. A join that is itself mistaken
/// counts, and what cannot be read might have been one.
fn check_has_join(block: &ImplBlock, errors: &mut Errors) {
    if !has_join(block) {
        let message = "no client could join this channel; put `#[join(\"topic\")]` on a method";
        errors.at(&block.syntax.self_ty, message);
    }
}

fn has_join(block: &ImplBlock) -> bool {
    let is_join = |attribute: &Attribute| {
        let hidden = attribute::conditional(attribute).into_iter();
        let mut kinds = hidden
            .map(|(kind, _)| kind)
            .chain(Kind::of(attribute.path()));
        kinds.any(|kind| kind == Kind::Join)
    };
    let is_opaque = |item: &Item| matches!(item.syntax, Syntax::Macro(_) | Syntax::Unreadable(_));
    let may_join = |item: &Item| is_opaque(item) || item.attrs.iter().any(is_join);
    block.items.iter().any(may_join)
}

/// Where no method is a `#[join]`, one with nearly that attribute was meant to be. It is taken for
/// one, so that nothing else is said about it; elsewhere it may well be somebody's attribute.
pub(crate) fn correct_joins(block: &mut ImplBlock, errors: &mut Errors) {
    if has_join(block) || block.syntax.trait_.is_some() {
        return;
    }
    let methods = block.items.iter_mut().filter(|item| item.is_method());
    let attrs = methods.flat_map(|method| &mut method.attrs);
    for path in attrs.map(|attribute| path_mut(&mut attribute.meta)) {
        let Some(name) = path.get_ident().cloned() else {
            continue;
        };
        if Kind::of(path).is_none() && spelling(&name.to_string(), Kind::Join.name()) <= 2 {
            let message = format!(
                "no client could join this channel; did you mean `#[join]` instead of `#[{name}]`?"
            );
            errors.at(&name, message);
            *path = Ident::new(Kind::Join.name(), name.span()).into();
        }
    }
}

fn path_mut(meta: &mut Meta) -> &mut Path {
    match meta {
        Meta::Path(path) => path,
        Meta::List(list) => &mut list.path,
        Meta::NameValue(pair) => &mut pair.path,
    }
}
