//! Whatever tokens the macros get, they return tokens: an expansion, or messages about what is wrong.

use crate::{channel_tokens, event};
use arbtest::{
    arbitrary::{Result, Unstructured},
    arbtest,
};
use proc_macro2::{Delimiter, Group, Ident, Literal, Punct, Spacing, Span, TokenStream, TokenTree};
use quote::quote;
use std::thread;

/// Groups within groups: deeper than anything that the macros look into.
const DEPTH: usize = 4;
/// How many inputs each property is tried with. They are the same in each run.
const CASES: u64 = 800;
/// The bytes that an input is made of.
const SIZE: u64 = 2_048;
const WORDS: [&str; 24] = [
    "impl",
    "crate",
    "self",
    "Self",
    "fn",
    "async",
    "unsafe",
    "pub",
    "const",
    "type",
    "where",
    "for",
    "dyn",
    "mut",
    "channel",
    "join",
    "on",
    "leave",
    "intercept",
    "info",
    "connect",
    "cfg_attr",
    "Chat",
    "event",
];
const HELPERS: [&str; 7] = [
    "connect",
    "join",
    "on",
    "leave",
    "intercept",
    "info",
    "disconnect",
];
/// What patterns are made of, and what they are not.
const CHARACTERS: [char; 14] = [
    'a', 'b', ':', '*', '{', '}', '_', '/', '?', 'é', ' ', '.', '"', '\\',
];
/// Tokens as they are written: literals of all kinds, and marks that belong together.
const WRITTEN: [&str; 25] = [
    "1",
    "1u8",
    "0xffff_ffff_ffff_ffff_ffff",
    "1.5",
    "1e400",
    "'a'",
    "b'a'",
    "\"\"",
    "\"rooms:*\"",
    "\"rooms:{room}\"",
    "\"x\"u8",
    "\"\\u{0}\\n\"",
    "r\"rooms:*\"",
    "r##\"a\"#b\"##",
    "b\"a\"",
    "br#\"a\"#",
    "c\"a\"",
    "'a",
    "'static",
    "::",
    "->",
    "=>",
    "..",
    "#[on]",
    "&mut",
];

/// Tries a property with each input. What fails is printed with the seed that brings it back.
pub(super) fn each(mut property: impl FnMut(&mut Unstructured<'_>) -> Result<()>) {
    for case in 0..CASES {
        arbtest(&mut property).seed(case << 32 | SIZE).run();
    }
}

/// Prints the input with which the macro or an assertion panics, invisible groups and all.
pub(super) struct Shown(pub(super) TokenStream);

impl Drop for Shown {
    fn drop(&mut self) {
        if thread::panicking() {
            eprintln!("input: {}\n{:?}", self.0, self.0);
        }
    }
}

/// Any tokens at all.
pub(super) fn tokens(u: &mut Unstructured<'_>, depth: usize) -> Result<TokenStream> {
    let count = u.int_in_range(0..=6)?;
    let mut tokens = TokenStream::new();
    for _ in 0..count {
        if u.ratio(1, 5)? {
            tokens.extend(u.choose(&WRITTEN)?.parse::<TokenStream>());
        } else {
            tokens.extend([token(u, depth)?]);
        }
    }
    Ok(tokens)
}

fn token(u: &mut Unstructured<'_>, depth: usize) -> Result<TokenTree> {
    let span = Span::call_site();
    Ok(match u.int_in_range(0..=9)? {
        0..=2 => Ident::new(u.choose(&WORDS)?, span).into(),
        3 => Ident::new_raw("type", span).into(),
        4 => Literal::string(&text(u)?).into(),
        5 => literal(u)?.into(),
        6 | 7 => {
            let spacing = *u.choose(&[Spacing::Alone, Spacing::Joint])?;
            let characters = [
                '#', '!', '=', ',', ';', ':', '<', '>', '&', '-', '.', '*', '\'',
            ];
            match *u.choose(&characters)? {
                // A quote alone is no token.
                '\'' => Punct::new('?', spacing).into(),
                character => Punct::new(character, spacing).into(),
            }
        }
        _ => {
            let delimiter = delimiter(u)?;
            let inner = if depth < DEPTH {
                tokens(u, depth + 1)?
            } else {
                TokenStream::new()
            };
            Group::new(delimiter, inner).into()
        }
    })
}

pub(super) fn delimiter(u: &mut Unstructured<'_>) -> Result<Delimiter> {
    let delimiters = [
        Delimiter::Brace,
        Delimiter::Bracket,
        Delimiter::None,
        Delimiter::Parenthesis,
    ];
    u.choose(&delimiters).copied()
}

fn literal(u: &mut Unstructured<'_>) -> Result<Literal> {
    Ok(match u.int_in_range(0..=3)? {
        0 => Literal::u8_unsuffixed(u.arbitrary()?),
        1 => Literal::byte_string(text(u)?.as_bytes()),
        2 => Literal::character('é'),
        _ => Literal::f64_suffixed(1.5),
    })
}

fn text(u: &mut Unstructured<'_>) -> Result<String> {
    let count = u.int_in_range(0..=12)?;
    (0..count).map(|_| u.choose(&CHARACTERS).copied()).collect()
}

/// The arguments of a helper attribute: right as far as one can tell, or anything.
fn arguments(u: &mut Unstructured<'_>) -> Result<TokenStream> {
    Ok(match u.int_in_range(0..=6)? {
        0 => TokenStream::new(),
        1 => {
            let topic = text(u)?;
            quote!((#topic))
        }
        2 => {
            let (topic, event) = (text(u)?, text(u)?);
            quote!((#topic, #event))
        }
        3 => {
            let anything = tokens(u, 1)?;
            quote!((#anything))
        }
        4 => {
            let topic = text(u)?;
            quote!(= #topic)
        }
        5 => {
            let value = value(u)?;
            quote!((#value))
        }
        _ => {
            let (topic, event) = (value(u)?, value(u)?);
            quote!((#topic, #event))
        }
    })
}

/// What may stand where a text belongs.
fn value(u: &mut Unstructured<'_>) -> Result<TokenStream> {
    if u.arbitrary()? {
        return Ok(u.choose(&WRITTEN)?.parse().unwrap());
    }
    let delimiter = delimiter(u)?;
    let inner = tokens(u, DEPTH)?;
    Ok(TokenTree::from(Group::new(delimiter, inner)).into())
}

/// A block whose methods can be read, with attributes of all kinds.
fn block(u: &mut Unstructured<'_>) -> Result<TokenStream> {
    let count = u.int_in_range(1..=4)?;
    let methods = (0..count)
        .map(|number| {
            let helper = Ident::new(u.choose(&HELPERS)?, Span::call_site());
            let arguments = arguments(u)?;
            let name = Ident::new(&format!("method{number}"), Span::call_site());
            let parameters = u.choose(&[
                "&self",
                "&self, a: &str, b: u32",
                "&mut self, state: &mut State",
                "a: impl Trait",
                "&self, (x, _): Pair<'_>, Conn { y, .. }: Conn",
            ])?;
            let parameters: TokenStream = parameters.parse().unwrap();
            let asyncness = if u.arbitrary()? {
                quote!(async)
            } else {
                quote!()
            };
            Ok(quote!(#[#helper #arguments] #asyncness fn #name(#parameters) {}))
        })
        .collect::<Result<Vec<_>>>()?;
    Ok(quote!(impl Chat { #(#methods)* }))
}

#[test]
fn any_tokens_are_answered_with_tokens() {
    each(|u| {
        let (args, item) = (tokens(u, 0)?, tokens(u, 0)?);
        let _shown = Shown(quote!(#[channel(#args)] #item));
        let nothing_in = item.is_empty();
        let expansion = channel_tokens(args, &item);
        assert!(nothing_in || !expansion.is_empty(), "{item}");
        event::derive(item);
        Ok(())
    });
}

#[test]
fn a_block_that_can_be_read_comes_back_as_items() {
    each(|u| {
        let block = block(u)?;
        let args = if u.arbitrary()? {
            tokens(u, 1)?
        } else {
            quote!(crate = a::b)
        };
        let _shown = Shown(quote!(#[channel(#args)] #block));
        let expansion = channel_tokens(args, &block);
        let parsed = syn::parse2::<syn::File>(expansion.clone());
        assert!(parsed.is_ok(), "{block}\n\nbecomes\n\n{expansion}");
        Ok(())
    });
}

#[test]
fn any_argument_of_event_is_answered() {
    each(|u| {
        let arguments = arguments(u)?;
        let item = quote!(#[event #arguments] struct Message;);
        let _shown = Shown(item.clone());
        let derived = event::derive(item);
        assert!(syn::parse2::<syn::File>(derived).is_ok());
        Ok(())
    });
}
