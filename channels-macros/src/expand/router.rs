//! The patterns of a block, for the runtime.

use super::Expansion;
use crate::{model::Joinable, topic::Shape};
use proc_macro2::{Literal, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::LitStr;

impl Expansion<'_> {
    /// Input: the patterns of all attributes. Output:
    ///
    /// ```text
    /// fn router(&self) -> ::core::option::Option<&'static __phx_channels::__private::Router> {
    ///     static __ROUTER: __phx_channels::__private::Router =
    ///         __phx_channels::__private::Router::new(&[
    ///             __phx_channels::__private::Pattern {
    ///                 text: "rooms:{room}",
    ///                 shape: &[
    ///                     __phx_channels::__private::Shape::Literal("rooms"),
    ///                     __phx_channels::__private::Shape::Capture,
    ///                 ],
    ///                 layer: 0,
    ///                 join: true,
    ///                 paths: &["rooms/{room}/"],
    ///                 intercepts: &["new:msg"],
    ///             },
    ///         ]);
    ///     ::core::option::Option::Some(&__ROUTER)
    /// }
    /// ```
    pub(super) fn router(&self) -> TokenStream {
        let krate = self.krate;
        let mixed = Span::mixed_site();
        let rows = self.model.table.rows.iter().enumerate();
        let patterns = rows.map(|(id, row)| {
            let layer = Literal::usize_unsuffixed(row.layer);
            let paths = &row.paths;
            let join = match &row.joinable {
                Joinable::Always => quote!(true),
                Joinable::Never => quote!(false),
                Joinable::If(conditions) => quote!(::core::cfg!(any(#(#conditions),*))),
            };
            let text = &row.text;
            let intercepts = self.model.intercepting(id).map(|handler| {
                let cfgs = handler.cfgs();
                let event = handler.event.as_ref().map(LitStr::value);
                quote!(#(#cfgs)* #event)
            });
            let shape = row.shape.iter().map(|shape| self.shape(shape));
            quote_spanned! {mixed=>
                #krate::__private::Pattern {
                    text: #text,
                    shape: &[#(#shape),*],
                    layer: #layer,
                    join: #join,
                    paths: &[#(#paths),*],
                    intercepts: &[#(#intercepts),*],
                }
            }
        });
        quote_spanned! {mixed=>
            fn router(
                &self,
            ) -> ::core::option::Option<&'static #krate::__private::Router> {
                static __ROUTER: #krate::__private::Router =
                    #krate::__private::Router::new(&[#(#patterns),*]);
                ::core::option::Option::Some(&__ROUTER)
            }
        }
    }

    fn shape(&self, shape: &Shape) -> TokenStream {
        let krate = self.krate;
        let mixed = Span::mixed_site();
        let shape = match shape {
            Shape::Literal(text) => quote_spanned!(mixed=> Literal(#text)),
            Shape::Capture => quote_spanned!(mixed=> Capture),
            Shape::Prefix(text) => {
                let text = &text.0;
                quote_spanned!(mixed=> Prefix(#krate::__private::Reverse(#text)))
            }
            Shape::Rest => quote_spanned!(mixed=> Rest),
        };
        quote_spanned!(mixed=> #krate::__private::Shape::#shape)
    }
}
