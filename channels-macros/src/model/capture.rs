//! Captures that no argument takes, and what to write instead.

use crate::topic::{Capture, spelling};
use proc_macro2::{Ident, TokenStream};
use quote::ToTokens;
use syn::{PatType, Type};

/// The capture that an argument is probably meant for: nobody takes it, and the names are nearly the
/// same.
pub(super) fn meant<'c, 'p>(
    argument: &str,
    untaken: &[&'c Capture<'p>],
) -> Option<&'c Capture<'p>> {
    let argument = argument.trim_start_matches('_');
    let far = |capture: &&&Capture<'_>| spelling(argument, capture.name);
    let nearest = untaken.iter().min_by_key(far)?;
    let letters = nearest.name.chars().count();
    (far(&nearest) <= (letters / 2).min(2)).then_some(*nearest)
}

/// What to say where there is an argument that was probably meant.
pub(super) fn misspelt(method: &Ident, capture: &str, argument: &PatType) -> String {
    let written = argument.pat.to_token_stream();
    let name = identifier(capture).unwrap_or_else(|| format!("_{capture}"));
    let message = format!(
        "no argument of `{method}` takes the capture `{capture}`; did you mean `{name}` instead of `{written}`?"
    );
    match &*argument.ty {
        // It could be nothing else.
        Type::Reference(_) => message,
        _ => format!("{message} if not, {}", additions(capture)),
    }
}

/// What to say where there is none.
pub(super) fn missing(method: &Ident, capture: &str) -> String {
    format!(
        "no argument of `{method}` takes the capture `{capture}`; {}",
        additions(capture)
    )
}

fn additions(capture: &str) -> String {
    let ignored = format!("`_{capture}: &str` to ignore it");
    match identifier(capture) {
        Some(name) => format!("add `{name}: &str`, or {ignored}"),
        None => format!("add {ignored}, or give it a name that an argument can have"),
    }
}

/// The name as that of an argument; there is none for `self` and its like.
fn identifier(name: &str) -> Option<String> {
    // Keywords are ASCII, and the lexer of rustc would report by itself what it cannot read.
    let is_keyword = |name: &str| {
        let tokens: Option<TokenStream> = name.parse().ok();
        name.is_ascii() && tokens.is_none_or(|tokens| syn::parse2::<Ident>(tokens).is_err())
    };
    match name {
        "self" | "Self" | "super" | "crate" => None,
        _ if is_keyword(name) => Some(format!("r#{name}")),
        _ => Some(name.to_owned()),
    }
}
