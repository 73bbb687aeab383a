//! What a handler method must look like, and where its arguments come from.

use super::{Kind, Topic, capture, joins::Joins};
use crate::{errors::Errors, topic::Capture};
use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{
    FnArg, GenericArgument, Lifetime, Pat, PatType, PathArguments, Receiver, ReceiverKind, Safety,
    Signature, Type, TypeReference, ext::IdentExt,
};

/// An argument after `&self`.
pub(crate) struct Argument<'a> {
    pub(crate) ty: &'a Type,
    pub(crate) source: Source,
}

/// Where an argument comes from.
pub(crate) enum Source {
    /// A part of the topic; text as it is if the argument is a reference, else parsed.
    Capture {
        /// The name of the argument.
        name: String,
        segment: usize,
        rest: bool,
        parsed: bool,
    },
    /// What the join has kept with the topic.
    State,
    /// Whatever its type takes from the event.
    Event,
}

/// Checks a signature and sorts its arguments. There is no topic where there can be none.
pub(crate) fn arguments<'a>(
    signature: &'a Signature,
    kind: Kind,
    topic: Option<&Topic>,
    joins: &Joins<'_>,
    errors: &mut Errors,
) -> Vec<Argument<'a>> {
    check(signature, errors);
    let captures: Vec<_> = topic
        .iter()
        .flat_map(|topic| topic.pattern.captures())
        .collect();
    let names: Vec<_> = typed(signature).filter_map(name).collect();
    let is_taken = |capture: &&Capture<'_>| names.iter().any(|name| takes(name, capture.name));
    let mut untaken: Vec<_> = captures
        .iter()
        .filter(|capture| !is_taken(capture))
        .collect();
    let mut arguments = Vec::new();
    for argument in typed(signature) {
        let capture = name(argument).and_then(|name| capture_of(&name, &names, &captures));
        let source = if let Some(capture) = capture {
            check_lent(&argument.ty, errors);
            check_unchanged(&argument.ty, errors);
            Source::Capture {
                name: name(argument).unwrap_or_default(),
                segment: capture.segment,
                rest: capture.rest,
                parsed: reference(&argument.ty).is_none(),
            }
        } else if let Some(source) = capture_of_join(argument, kind, topic, joins, errors) {
            check_lent(&argument.ty, errors);
            source
        } else if let Some(ty) = state(&argument.ty) {
            let again = arguments
                .iter()
                .any(|argument: &Argument<'_>| matches!(argument.source, Source::State));
            check_state(&argument.ty, kind, again, errors);
            check_lent(&argument.ty, errors);
            arguments.push(Argument {
                ty,
                source: Source::State,
            });
            continue;
        } else if let Some(meant) = name(argument).and_then(|name| capture::meant(&name, &untaken))
        {
            untaken.retain(|capture| capture.name != meant.name);
            let message = capture::misspelt(&signature.ident, meant.name, argument);
            errors.at(&argument.pat, message);
            Source::Event
        } else {
            let may_be_capture = name(argument).is_some_and(|name| joins.may_capture(&name));
            if !may_be_capture {
                check_owned(&argument.ty, kind, errors);
            }
            Source::Event
        };
        let ty = &*argument.ty;
        arguments.push(Argument { ty, source });
    }
    for capture in untaken {
        let message = capture::missing(&signature.ident, capture.name);
        errors.at(topic.map(|topic| &topic.text), message);
    }
    let is_event = |argument: &Argument<'_>| matches!(argument.source, Source::Event);
    if kind == Kind::Info && !arguments.iter().any(is_event) {
        let name = &signature.ident;
        let message = format!(
            "an `#[info]` method takes the message that it is for: \
             `async fn {name}(&self, message: Message)`"
        );
        errors.at(name, message);
    }
    arguments
}

/// The same where the pattern is mistaken, so that any argument may be a capture.
pub(crate) fn arguments_of_unknown<'a>(
    signature: &'a Signature,
    errors: &mut Errors,
) -> Vec<Argument<'a>> {
    check(signature, errors);
    typed(signature)
        .map(|argument| Argument {
            ty: &argument.ty,
            source: Source::Event,
        })
        .collect()
}

fn check(signature: &Signature, errors: &mut Errors) {
    let name = &signature.ident;
    if signature.asyncness.is_none() {
        let message = format!("a handler method must be `async`: `async fn {name}(&self, ..)`");
        errors.at(signature.fn_token, message);
    }
    if let Safety::Unsafe(token) = &signature.safety {
        let message = format!("a handler method cannot be `unsafe`: `async fn {name}(&self, ..)`");
        errors.at(token, message);
    }
    if let Some(receiver) = signature.receiver() {
        check_receiver(receiver, name, errors);
    } else {
        let message = format!("a handler method takes `&self`: `async fn {name}(&self, ..)`");
        errors.at(name, message);
    }
    if !signature.generics.params.is_empty() {
        let message = format!(
            "a handler method cannot be generic, for nobody would choose the types: \
             `async fn {name}(&self, ..)`"
        );
        errors.at(&signature.generics, message);
    }
    let where_clause = signature.generics.where_clause.as_ref();
    if let Some(clause) = where_clause.filter(|_| signature.generics.params.is_empty()) {
        let message = "a handler method has no `where` clause of its own, for it is called whatever \
                       the types; put it on the `impl` block";
        errors.at(clause.where_token, message);
    }
    for argument in typed(signature) {
        if let Some(span) = find_impl(argument.ty.to_token_stream()) {
            let pattern = argument.pat.to_token_stream();
            let message = format!(
                "an argument needs a type of its own, not `impl Trait`: `{pattern}: Message`"
            );
            errors.at_span(span, message);
        }
        for attribute in &argument.attrs {
            if attribute.path().is_ident("cfg") || attribute.path().is_ident("cfg_attr") {
                let message = "an argument cannot be conditional; put the `#[cfg]` on the method";
                errors.at(attribute, message);
            }
        }
    }
}

fn check_receiver(receiver: &Receiver, name: &Ident, errors: &mut Errors) {
    let because = match &receiver.kind {
        ReceiverKind::Reference(_, lifetime, None) if is_lent(lifetime.as_ref()) => return,
        ReceiverKind::Reference(_, _, Some(_)) => ", because all connections share it",
        ReceiverKind::Typed(_, ty) if is_shared_self(ty) => return,
        _ => "",
    };
    let message = format!("a handler method takes `&self`{because}: `async fn {name}(&self, ..)`");
    errors.at(receiver, message);
}

/// `self: &Self`, which is `&self` written out.
fn is_shared_self(ty: &Type) -> bool {
    let shared = reference(ty).filter(|reference| reference.mutability.is_none());
    let lent = shared.filter(|reference| is_lent(reference.lifetime.as_ref()));
    lent.is_some_and(|reference| match &*reference.elem {
        Type::Path(path) => path.path.is_ident("Self"),
        _ => false,
    })
}

/// Whether a reference lives no longer than the call. The lifetimes of the method are `'_` here.
fn is_lent(lifetime: Option<&Lifetime>) -> bool {
    lifetime.is_none_or(|lifetime| lifetime.ident == "_")
}

/// The arguments after `&self`.
fn typed(signature: &Signature) -> impl Iterator<Item = &PatType> {
    signature.inputs.iter().filter_map(|input| match input {
        FnArg::Typed(argument) => Some(argument),
        FnArg::Receiver(_) => None,
    })
}

/// The name of an argument, unless it is a pattern.
fn name(argument: &PatType) -> Option<String> {
    match &*argument.pat {
        Pat::Ident(pattern) if pattern.subpat.is_none() => Some(unraw(&pattern.ident)),
        _ => None,
    }
}

fn unraw(name: &Ident) -> String {
    name.unraw().to_string()
}

/// The capture for an argument: the one of its name, or the one that `_name` ignores if there is no
/// argument `name`.
fn capture_of<'c, 'p>(
    argument: &str,
    arguments: &[String],
    captures: &'c [Capture<'p>],
) -> Option<&'c Capture<'p>> {
    let exact = captures.iter().find(|capture| capture.name == argument);
    exact.or_else(|| {
        let free = |name: &str| !arguments.iter().any(|argument| argument == name);
        let mut captures = captures.iter();
        captures.find(|capture| free(capture.name) && takes(argument, capture.name))
    })
}

/// The capture of the join, for an argument of its name: a value, or the text as it is. Any other
/// reference is the state.
fn capture_of_join(
    argument: &PatType,
    kind: Kind,
    topic: Option<&Topic>,
    joins: &Joins<'_>,
    errors: &mut Errors,
) -> Option<Source> {
    let topic = topic.filter(|_| kind != Kind::Join)?;
    let reference = reference(&argument.ty);
    if reference.is_some_and(|reference| reference.mutability.is_some() || !is_str(&reference.elem))
    {
        return None;
    }
    let name = name(argument)?;
    Some(match joins.capture(&name, topic)? {
        Ok(place) => Source::Capture {
            name,
            segment: place.segment,
            rest: place.rest,
            parsed: reference.is_none(),
        },
        Err(message) => {
            errors.at(&argument.pat, message);
            Source::Event
        }
    })
}

/// Whether the type is written `str`, which is in the prelude of the language itself.
fn is_str(ty: &Type) -> bool {
    matches!(ty, Type::Path(path) if path.path.is_ident("str"))
}

fn takes(argument: &str, capture: &str) -> bool {
    argument == capture || argument.strip_prefix('_') == Some(capture)
}

/// The type of the state, if this is a reference to one. Text and slices are payloads that somebody
/// wants to borrow.
fn state(ty: &Type) -> Option<&Type> {
    let elem = &*reference(ty)?.elem;
    let borrowed = is_str(elem) || matches!(elem, Type::Slice(_));
    (!borrowed).then_some(elem)
}

fn check_state(ty: &Type, kind: Kind, again: bool, errors: &mut Errors) {
    let written = as_written(ty);
    if again {
        let message = format!("a method takes the state of its topic once; remove `{written}`");
        errors.at(ty, message);
    } else if kind == Kind::Join {
        let message = format!(
            "a `#[join]` makes the state and cannot take it; \
             return `Joined::new(state)`, and take what belongs to the payload by value, not as `{written}`"
        );
        errors.at(ty, message);
    } else if !kind.has_topic() {
        let message = format!(
            "only methods of a topic take a state; `#[{}]` has none for `{written}`",
            kind.name()
        );
        errors.at(ty, message);
    } else if let Some(object) = state(ty).filter(|ty| is_trait_object(ty)) {
        let object_written = as_written(object);
        let inner = object_written.strip_prefix('(');
        let inner = inner.and_then(|inner| inner.strip_suffix(')'));
        let boxed = format!("Box<{}>", inner.unwrap_or(&object_written));
        let boxed = written.replace(&object_written, &boxed);
        let message =
            format!("a state has one type, not `dyn Trait`; take `{boxed}` instead of `{written}`");
        errors.at(object, message);
    }
}

fn is_trait_object(ty: &Type) -> bool {
    match ty {
        Type::TraitObject(_) => true,
        Type::Group(group) => is_trait_object(&group.elem),
        Type::Paren(paren) => is_trait_object(&paren.elem),
        _ => false,
    }
}

/// A part of the topic and the state are lent for one call.
fn check_lent(ty: &Type, errors: &mut Errors) {
    let Some(borrowed) = reference(ty) else {
        return;
    };
    if let Some(lifetime) = &borrowed.lifetime
        && !is_lent(Some(lifetime))
    {
        let lent = TypeReference {
            lifetime: None,
            ..borrowed.clone()
        };
        let (lent, written) = (as_written(&lent), as_written(ty));
        let message =
            format!("an argument is lent for one call; write `{lent}` instead of `{written}`");
        errors.at(lifetime, message);
    }
}

/// The topic is the same for all handlers.
fn check_unchanged(ty: &Type, errors: &mut Errors) {
    let mutability = reference(ty).and_then(|reference| reference.mutability);
    if let Some(mutability) = mutability {
        errors.at(mutability, "a capture cannot be changed; write `&str`");
    }
}

/// A reference would have to borrow from the event, which is gone before the method ends.
fn check_owned(ty: &Type, kind: Kind, errors: &mut Errors) {
    let Some(borrowed) = borrowed(ty) else {
        return;
    };
    let owned = match &*borrowed.elem {
        elem if is_str(elem) => "String".to_owned(),
        Type::Slice(slice) => format!("Vec<{}>", as_written(&slice.elem)),
        elem => as_written(elem),
    };
    let written = as_written(ty);
    let owned = written.replace(&as_written(borrowed), &owned);
    let what = if kind == Kind::Info {
        "message"
    } else {
        "payload"
    };
    let message = format!("a {what} must own its data; write `{owned}` instead of `{written}`");
    errors.at(borrowed, message);
}

/// The reference that a type is or contains. One that says how long it lives is left alone: it may
/// belong to an extractor, which can borrow from the connection.
fn borrowed(ty: &Type) -> Option<&TypeReference> {
    match ty {
        Type::Reference(reference) => Some(reference),
        Type::Group(group) => borrowed(&group.elem),
        Type::Paren(paren) => borrowed(&paren.elem),
        Type::Tuple(tuple) => tuple.elems.iter().find_map(elided),
        Type::Array(array) => elided(&array.elem),
        Type::Path(path) => path.path.segments.iter().find_map(|segment| {
            let PathArguments::AngleBracketed(arguments) = &segment.arguments else {
                return None;
            };
            arguments.args.iter().find_map(|argument| match argument {
                GenericArgument::Type(ty) => elided(ty),
                _ => None,
            })
        }),
        _ => None,
    }
}

fn elided(ty: &Type) -> Option<&TypeReference> {
    borrowed(ty).filter(|reference| reference.lifetime.is_none())
}

/// A type or an expression without the spaces that tokens have between them.
pub(super) fn as_written(tokens: &impl ToTokens) -> String {
    let spaced = [
        ("& ", "&"),
        (" < ", "<"),
        (" >", ">"),
        (" :: ", "::"),
        (" ,", ","),
        ("! (", "!("),
    ];
    let text = tokens.to_token_stream().to_string();
    spaced
        .into_iter()
        .fold(text, |text, (from, to)| text.replace(from, to))
}

/// The reference that a type is, as far as can be seen. `macro_rules!` puts types into invisible
/// groups.
fn reference(ty: &Type) -> Option<&TypeReference> {
    match ty {
        Type::Reference(reference) => Some(reference),
        Type::Group(group) => reference(&group.elem),
        Type::Paren(paren) => reference(&paren.elem),
        _ => None,
    }
}

fn find_impl(tokens: TokenStream) -> Option<Span> {
    tokens.into_iter().find_map(|token| match token {
        TokenTree::Ident(ident) if ident == "impl" => Some(ident.span()),
        TokenTree::Group(group) => find_impl(group.stream()),
        _ => None,
    })
}
