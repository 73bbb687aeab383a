//! How often an event may come, looked at before its arguments are.

use super::Expansion;
use crate::{model::Handler, rate::Unit};
use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::quote_spanned;

impl Expansion<'_> {
    /// Input: `rate = "10/s"`. Output:
    ///
    /// ```text
    /// if __phx_channels::__private::is_limited(
    ///     __conn, &__event, 0, __phx_channels::Rate::per_second(10),
    /// ) { return }
    /// ```
    pub(super) fn limit(&self, handler: &Handler<'_>) -> Option<TokenStream> {
        let (number, rate) = self.model.rate(handler)?;
        let krate = self.krate;
        let mixed = Span::mixed_site();
        let number = Literal::usize_unsuffixed(number);
        let times = Literal::u32_unsuffixed(rate.times);
        let constructor = match rate.unit {
            Unit::Second => "per_second",
            Unit::Minute => "per_minute",
        };
        let constructor = Ident::new(constructor, mixed);
        Some(quote_spanned! {mixed=>
            if #krate::__private::is_limited(
                __conn,
                &__event,
                #number,
                #krate::Rate::#constructor(#times),
            ) {
                return;
            }
        })
    }
}
