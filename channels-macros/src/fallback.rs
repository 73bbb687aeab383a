//! What comes out when there are mistakes: the user's item all the same, so that the rest of the
//! program and the editor still see its methods, and all the messages.

use crate::{
    expand::{Takes, boxed_method, implementation},
    parse::{Args, ImplBlock},
};
use proc_macro2::TokenStream;
use quote::quote;

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
    if block.syntax.trait_.is_some() {
        return quote!(#block #errors);
    }
    let body = quote!(::core::unreachable!());
    let join_channel = boxed_method(&args.krate, "join_channel", Takes::Event, &body);
    let stub = implementation(args, block, &join_channel);
    quote!(#block #stub #errors)
}

/// An item that is no `impl` block at all.
pub(crate) fn unparsed(item: &TokenStream, error: &syn::Error) -> TokenStream {
    let errors = error.to_compile_error();
    quote!(#item #errors)
}
