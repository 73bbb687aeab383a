//! What comes out when there are mistakes: the user's item all the same, so that the rest of the
//! program and the editor still see its methods, and all the messages.

use crate::{
    attribute::Kind,
    expand::{Takes, boxed_method, implementation},
    parse::{Args, ImplBlock},
};
use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use quote::{TokenStreamExt, quote};

/// The block and a stand-in for the trait: without it, rustc would also say that it is missing.
///
/// ```text
/// impl Chat { ... }
/// const _: () = {
///     use ::phx_channels as __phx_channels;
///     impl __phx_channels::ChannelHandler for Chat {
///         fn join_channel<...>(...) -> ... { ::core::unreachable!() }
///     }
/// };
/// ::core::compile_error! { "..." }
/// ```
pub(crate) fn expand(args: &Args, block: &ImplBlock, error: &syn::Error) -> TokenStream {
    let errors = error.to_compile_error();
    let user = match block.as_inherent() {
        Some(inherent) => inherent,
        None if block.syntax.trait_.is_some() => return quote!(#block #errors),
        None => quote!(#block),
    };
    let body = quote!(::core::unreachable!());
    let join_channel = boxed_method(&args.krate, "join_channel", Takes::Event, &body);
    let stub = implementation(args, block, &TokenStream::new(), &join_channel);
    quote!(#user #stub #errors)
}

/// An item that is no `impl` block at all.
pub(crate) fn unparsed(item: &TokenStream, error: &syn::Error) -> TokenStream {
    let errors = error.to_compile_error();
    // A `#[channel]` inside has still to see its own helper attributes.
    let stripped = Some(item.clone())
        .filter(|item| !mentions_channel(item.clone()))
        .and_then(without_helpers);
    let item = stripped.as_ref().unwrap_or(item);
    quote!(#item #errors)
}

fn mentions_channel(tokens: TokenStream) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(name) => name == "channel",
        TokenTree::Group(group) => mentions_channel(group.stream()),
        _ => false,
    })
}

/// The tokens without helper attributes, if there are any: rustc would say that there are none of that
/// name, while what is wrong is the item that they are in.
fn without_helpers(tokens: TokenStream) -> Option<TokenStream> {
    let mut tokens = tokens.into_iter().peekable();
    let mut rest = TokenStream::new();
    let mut found = false;
    while let Some(token) = tokens.next() {
        let is_helper =
            |next: &TokenTree| matches!(next, TokenTree::Group(group) if names_helper(group));
        let is_hash = matches!(&token, TokenTree::Punct(punct) if punct.as_char() == '#');
        if is_hash && tokens.next_if(is_helper).is_some() {
            found = true;
            continue;
        }
        if let TokenTree::Group(group) = &token
            && let Some(stripped) = without_helpers(group.stream())
        {
            found = true;
            let mut stripped = Group::new(group.delimiter(), stripped);
            stripped.set_span(group.span());
            rest.append(stripped);
        } else {
            rest.append(token);
        }
    }
    found.then_some(rest)
}

fn names_helper(brackets: &Group) -> bool {
    let first = brackets.stream().into_iter().next();
    brackets.delimiter() == Delimiter::Bracket
        && matches!(first, Some(TokenTree::Ident(name)) if Kind::of(&name.clone().into()).is_some())
}
