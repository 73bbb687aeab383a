//! `handle_info`: the one method of the trait whose handlers are told apart by a type.

use super::{
    Expansion, Takes, allow, at, local, located,
    role::{from_event, role},
};
use crate::{
    attribute::Kind,
    model::{Argument, Handler},
};
use proc_macro2::{Literal, Span, TokenStream};
use quote::{quote, quote_spanned};

impl Expansion<'_> {
    /// Input: the `#[info]` methods; without them the trait's own `handle_info` is right. Output:
    ///
    /// ```text
    /// for __pattern in __phx_channels::__private::patterns(__conn) {
    ///     if __pattern == 0 { '__method: { .. } }
    ///     if __pattern == 0 { '__method: { .. } }
    /// }
    /// __phx_channels::__private::unhandled_info(__conn, &__info);
    /// ```
    pub(super) fn handle_info(&self) -> TokenStream {
        let krate = self.krate;
        let handlers = self.model.handlers(Kind::Info);
        if handlers.is_empty() {
            return TokenStream::new();
        }
        let distinct = self.distinct_messages(&handlers);
        let attempts = handlers.into_iter().map(|handler| self.attempt(handler));
        let body = quote_spanned! {Span::mixed_site()=>
            #distinct
            for __pattern in #krate::__private::patterns(__conn) {
                #(#attempts)*
            }
            #krate::__private::unhandled_info(__conn, &__info);
        };
        self.boxed("handle_info", Takes::Info, &body)
    }

    /// Tries a method. Input: `async fn tick(&self, conn: ChannelConn<'_>, tick: Tick)`. Output, where
    /// a message that is for another method leads to the next one:
    ///
    /// ```text
    /// if __pattern == 0 {
    ///     '__method: {
    ///         /* captures, or else break '__method */
    ///         let __role0 = (&&&&__phx_channels::__private::Probe::<ChannelConn<'_>>::new())
    ///             .via()
    ///             .belongs_to(__phx_channels::__private::InfoMethod);
    ///         let __role1 = (&&&&__phx_channels::__private::Probe::<Tick>::new())
    ///             .via()
    ///             .belongs_to(__phx_channels::__private::InfoMethod);
    ///         __phx_channels::__private::one_message((__role0, (__role1, ())));
    ///         if !__phx_channels::__private::fits::<ChannelConn<'_>, _>(__role0, &__info) {
    ///             break '__method;
    ///         }
    ///         if !__phx_channels::__private::fits::<Tick, _>(__role1, &__info) { break '__method; }
    ///         let __event = __phx_channels::__private::info_event(&__info);
    ///         let mut __info = ::core::option::Option::Some(__info);
    ///         /* other arguments and the call, which return */
    ///     }
    /// }
    /// ```
    fn attempt(&self, handler: &Handler<'_>) -> TokenStream {
        let krate = self.krate;
        let id = handler
            .topic
            .as_ref()
            .map(|topic| self.model.table.id(topic));
        let id = id.map(Literal::usize_unsuffixed);
        let cfgs = handler.cfgs();
        let allow = allow(handler);
        let mixed = Span::mixed_site();
        let otherwise = quote_spanned!(mixed=> break '__method);
        let captures = self.captures(handler, &otherwise);
        let narrow = self.narrow(handler);
        let roles = self.roles(handler);
        let fits = from_event(handler).map(|(index, argument)| {
            let (span, role) = role(index, argument);
            let krate = located(self.krate, span);
            let ty = argument.ty;
            quote_spanned! {span=>
                if !#krate::__private::fits::<#ty, _>(#role, &__info) { #otherwise; }
            }
        });
        let others = self.others(handler);
        let call = self.call(handler);
        quote_spanned! {mixed=>
            #(#cfgs)*
            #allow
            if __pattern == #id {
                '__method: {
                    #captures
                    #narrow
                    #roles
                    #(#fits)*
                    let __event = #krate::__private::info_event(&__info);
                    let mut __info = ::core::option::Option::Some(__info);
                    #others
                    #call
                }
            }
        }
    }

    /// Learns what each argument is, and checks that one of them is the message.
    fn roles(&self, handler: &Handler<'_>) -> TokenStream {
        let roles = from_event(handler).map(|(index, argument)| {
            let (span, role) = role(index, argument);
            let belongs = self.role(Kind::Info, argument);
            quote_spanned!(span=> let #role = #belongs;)
        });
        // What is wrong with all of them together is reported at the name of the method.
        let span = at(handler.signature.ident.span());
        let nested = from_event(handler).rfold(quote!(()), |rest, (index, argument)| {
            let (_, mut role) = role(index, argument);
            role.set_span(span);
            quote_spanned!(span=> (#role, #rest))
        });
        let krate = located(self.krate, span);
        let check = quote_spanned!(span=> #krate::__private::one_message(#nested););
        quote!(#(#roles)* #check)
    }

    /// Output, for `tick: Tick`:
    ///
    /// ```text
    /// let ::core::option::Option::Some(__arg1) =
    ///     __phx_channels::__private::info_argument::<Tick, _>(__role1, __conn, &__event, &mut __info)
    /// else { return };
    /// ```
    pub(super) fn take_info(&self, index: usize, argument: &Argument<'_>) -> TokenStream {
        let (span, role) = role(index, argument);
        let krate = located(self.krate, span);
        let local = local((index, argument));
        let ty = argument.ty;
        quote_spanned! {span=>
            let ::core::option::Option::Some(#local) =
                #krate::__private::info_argument::<#ty, _>(#role, __conn, &__event, &mut __info)
            else { return };
        }
    }
}
