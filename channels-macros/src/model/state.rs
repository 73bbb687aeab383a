//! The state that a `#[join]` makes, where its return type says so.

use super::signature::as_written;
use crate::errors::Errors;
use proc_macro2::{Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{GenericArgument, PathArguments, ReturnType, Type};

/// The `S` of a `Joined<S>`, also within a `Result`.
pub(super) fn made(output: &ReturnType) -> Option<&Type> {
    match output {
        ReturnType::Type(_, ty) => joined(ty),
        ReturnType::Default => None,
    }
}

fn joined(ty: &Type) -> Option<&Type> {
    let path = match ty {
        Type::Path(path) => &path.path,
        Type::Group(group) => return joined(&group.elem),
        Type::Paren(paren) => return joined(&paren.elem),
        _ => return None,
    };
    let last = path.segments.last()?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else {
        return None;
    };
    let first = arguments.args.iter().find_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    })?;
    if last.ident == "Joined" {
        Some(first)
    } else {
        joined(first)
    }
}

/// Checks that a state can be kept, as far as its type is written out: it outlives the call, and goes from
/// thread to thread. rustc finds the rest.
pub(super) fn check(output: &ReturnType, errors: &mut Errors) {
    let Some(state) = made(output) else {
        return;
    };
    let Some(span) = borrowed_or_counted(state.to_token_stream()) else {
        return;
    };
    let written = as_written(state);
    let message = format!(
        "the state must be `Send + 'static`, because it is kept with the topic and goes from thread to thread, and \
         `{written}` is not; own the data, and share it in an `Arc`"
    );
    errors.at_span(span, message);
}

/// A reference that does not live for ever, or an `Rc`.
fn borrowed_or_counted(tokens: TokenStream) -> Option<Span> {
    let tokens: Vec<_> = tokens.into_iter().collect();
    tokens.iter().enumerate().find_map(|(index, token)| match token {
        // `fn(&str)` borrows when it is called.
        TokenTree::Group(_) if index > 0 && matches!(tokens[index - 1], TokenTree::Ident(_)) => None,
        TokenTree::Group(group) => borrowed_or_counted(group.stream()),
        TokenTree::Ident(name) if name == "Rc" => Some(name.span()),
        TokenTree::Punct(punct) if punct.as_char() == '&' => {
            let is_quote = |token: &TokenTree| matches!(token, TokenTree::Punct(punct) if punct.as_char() == '\'');
            let is_static = |token: &TokenTree| matches!(token, TokenTree::Ident(name) if name == "static");
            let for_ever = tokens.get(index + 1).is_some_and(is_quote)
                && tokens.get(index + 2).is_some_and(is_static);
            (!for_ever).then(|| punct.span())
        }
        _ => None,
    })
}
