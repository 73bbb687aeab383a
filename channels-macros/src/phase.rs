//! Calls that are lost where they stand, which only types tell: `conn.insert_state(value)` in a join.
//!
//! Where a body has such a call, a trait with a method of the same name comes into its scope. The method
//! takes the receiver by value, and so before the one that is meant; its bound says what is wrong.
//! All else in a body stays as it is.

use crate::{
    attribute::Kind,
    parse::{Args, ImplBlock, Item, Syntax},
};
use proc_macro2::{TokenStream, TokenTree};
use quote::quote;
use syn::{FnArg, Pat};

/// Brings the traits into the bodies that need them.
pub(crate) fn check_calls(block: &mut ImplBlock, args: &Args) {
    let may_hear = block.items.iter().any(may_be_info);
    for item in &mut block.items {
        let Some(kind) = kind(item).filter(|kind| *kind != Kind::Connect) else {
            continue;
        };
        let Some(body) = item.body() else {
            continue;
        };
        let mut traits = Vec::new();
        if calls(&body, &|_, method| {
            matches!(method, "insert_state" | "refuse")
        }) {
            traits.push(quote!(NotInConnect));
        }
        if kind.has_topic() && !may_hear && tells(item, &body) {
            traits.push(quote!(NotHeard));
        }
        if !traits.is_empty() {
            let path = &args.path;
            let import = quote! {
                #[allow(unused_imports)]
                use #path::__private::phase::{#(#traits as _),*};
            };
            item.set_body(begun(body, &import));
        }
    }
}

fn kind(item: &Item) -> Option<Kind> {
    item.attrs
        .iter()
        .find_map(|attribute| Kind::of(attribute.path()))
}

/// Whether the item takes messages from inside, or may hide a method that does.
fn may_be_info(item: &Item) -> bool {
    let is_opaque = matches!(item.syntax, Syntax::Macro(_) | Syntax::Unreadable(_));
    is_opaque || kind(item) == Some(Kind::Info)
}

/// Whether all that the method tells is told to its own topic: by a handle that it was given.
fn tells(item: &Item, body: &TokenStream) -> bool {
    let Syntax::Method(signature) = &item.syntax else {
        return false;
    };
    let is_argument = |receiver: &[TokenTree]| match receiver {
        [.., TokenTree::Ident(name)] => signature.inputs.iter().any(|input| match input {
            FnArg::Typed(argument) => {
                matches!(&*argument.pat, Pat::Ident(own) if own.ident == *name)
            }
            FnArg::Receiver(_) => false,
        }),
        _ => false,
    };
    let is_told = |method: &str| matches!(method, "tell" | "after");
    calls(body, &|receiver, method| {
        is_told(method) && is_argument(receiver)
    }) && !calls(body, &|receiver, method| {
        is_told(method) && !is_argument(receiver)
    })
}

/// Whether there is a method call `receiver.method(..)` of which this holds.
fn calls(body: &TokenStream, holds: &dyn Fn(&[TokenTree], &str) -> bool) -> bool {
    let tokens: Vec<TokenTree> = body.clone().into_iter().collect();
    tokens.iter().enumerate().any(|(index, token)| match token {
        TokenTree::Group(group) => calls(&group.stream(), holds),
        TokenTree::Ident(method) => {
            let (before, dot) = match tokens[..index].split_last() {
                Some((TokenTree::Punct(dot), before)) => (before, dot.as_char() == '.'),
                _ => return false,
            };
            let is_field = matches!(before, [.., TokenTree::Punct(dot), _] if dot.as_char() == '.');
            let receiver = if is_field { &[] } else { before };
            dot && holds(receiver, &method.to_string())
        }
        TokenTree::Punct(_) | TokenTree::Literal(_) => false,
    })
}

/// Puts something in front of a body, behind its inner attributes.
fn begun(body: TokenStream, first: &TokenStream) -> TokenStream {
    let mut rest = body.into_iter().peekable();
    let mut begun = TokenStream::new();
    while matches!(rest.peek(), Some(TokenTree::Punct(hash)) if hash.as_char() == '#') {
        let mut next = rest.clone().skip(1);
        let is_inner = matches!(next.next(), Some(TokenTree::Punct(mark)) if mark.as_char() == '!');
        if !is_inner {
            break;
        }
        // `#`, `!` and the brackets.
        begun.extend(rest.by_ref().take(3));
    }
    begun.extend(first.clone());
    begun.extend(rest);
    begun
}
