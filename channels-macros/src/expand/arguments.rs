//! The arguments of a method, taken from the topic, the state and the event.

use super::{Expansion, at, local, located, role::role};
use crate::{
    attribute::Kind,
    model::{Argument, Handler, Source},
};
use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::quote_spanned;
use syn::spanned::Spanned;

impl Expansion<'_> {
    /// Input: `room: &str, seat: u32`. Output, before all else because they decide whether the method
    /// is meant at all:
    ///
    /// ```text
    /// let ::core::option::Option::Some(__arg1) =
    ///     __phx_channels::__private::capture_str(__conn.topic(), 1) else { continue };
    /// let ::core::option::Option::Some(__arg2) =
    ///     __phx_channels::__private::capture::<u32, _>(__conn.topic(), 2) else { continue };
    /// ```
    pub(super) fn captures(&self, handler: &Handler<'_>, otherwise: &TokenStream) -> TokenStream {
        let arguments = handler.arguments.iter().enumerate();
        arguments
            .filter_map(|(index, argument)| {
                let Source::Capture {
                    segment,
                    rest,
                    parsed,
                    ..
                } = argument.source
                else {
                    return None;
                };
                let local = local((index, argument));
                let value = self.capture(argument, segment, rest, parsed);
                Some(quote_spanned! {Span::mixed_site()=>
                    let ::core::option::Option::Some(#local) = #value else { #otherwise };
                })
            })
            .collect()
    }

    /// Input: `conn: ChannelConn<'_>, count: &mut Count`. Output: what `take` and `lend_state` say.
    pub(super) fn others(&self, handler: &Handler<'_>) -> TokenStream {
        let arguments = handler.arguments.iter().enumerate();
        arguments
            .map(|(index, argument)| match argument.source {
                Source::Capture { .. } => TokenStream::new(),
                Source::State => self.lend_state(&local((index, argument)), argument),
                Source::Event if handler.kind == Kind::Info => self.take_info(index, argument),
                Source::Event => self.take(handler, index, argument),
            })
            .collect()
    }

    fn capture(
        &self,
        argument: &Argument<'_>,
        segment: usize,
        rest: bool,
        parsed: bool,
    ) -> TokenStream {
        let span = at(argument.ty.span());
        let krate = located(self.krate, span);
        let segment = Literal::usize_unsuffixed(segment);
        let function = match (rest, parsed) {
            (false, false) => "capture_str",
            (false, true) => "capture",
            (true, false) => "rest_str",
            (true, true) => "rest",
        };
        let function = Ident::new(function, span);
        let ty = argument.ty;
        let parameter = parsed.then(|| quote_spanned!(span=> ::<#ty, _>));
        quote_spanned!(span=> #krate::__private::#function #parameter(__conn.topic(), #segment))
    }

    /// Input: `count: &mut Count`. Output:
    ///
    /// ```text
    /// let __kept = (&&__phx_channels::__private::Probe::<Count>::new()).kept();
    /// let mut __state = __kept.lend(__conn);
    /// let ::core::option::Option::Some(__arg1) = __state.get_mut() else {
    ///     return __phx_channels::__private::no_state::<Count>(__conn);
    /// };
    /// ```
    fn lend_state(&self, local: &Ident, argument: &Argument<'_>) -> TokenStream {
        let ty = argument.ty;
        let span = at(ty.span());
        let krate = located(self.krate, span);
        quote_spanned! {span=>
            let __kept = (&&#krate::__private::Probe::<#ty>::new()).kept();
            let mut __state = __kept.lend(__conn);
            let ::core::option::Option::Some(#local) = __state.get_mut() else {
                return #krate::__private::no_state::<#ty>(__conn);
            };
        }
    }

    /// Input: `conn: ChannelConn<'_>`. Output:
    ///
    /// ```text
    /// let ::core::option::Option::Some(__arg0) =
    ///     __phx_channels::__private::join_argument::<ChannelConn<'_>, _>(__role0.way(), __conn, &__event)
    /// else { return };
    /// ```
    fn take(&self, handler: &Handler<'_>, index: usize, argument: &Argument<'_>) -> TokenStream {
        let ty = argument.ty;
        let (span, role) = role(index, argument);
        let local = local((index, argument));
        let krate = located(self.krate, span);
        let mut function = taking(handler.kind).to_owned();
        if self.model.is_state(handler, ty) {
            function.push_str("_or_state");
        }
        let function = Ident::new(&function, span);
        let check = (handler.kind == Kind::Connect).then(|| self.takes_parameters(argument));
        quote_spanned! {span=>
            #check
            let ::core::option::Option::Some(#local) =
                #krate::__private::#function::<#ty, _>(#role.way(), __conn, &__event)
            else { return };
        }
    }

    /// Checks that connect parameters can be what an argument wants. Output, for `login: Login`:
    ///
    /// ```text
    /// __phx_channels::__private::Parameters::<Login>::new().role().check();
    /// ```
    fn takes_parameters(&self, argument: &Argument<'_>) -> TokenStream {
        let ty = argument.ty;
        let span = at(ty.span());
        let krate = located(self.krate, span);
        quote_spanned!(span=> #krate::__private::Parameters::<#ty>::new().role().check();)
    }
}

/// The function of the runtime that takes an argument, and rejects the event if it cannot be had.
fn taking(kind: Kind) -> &'static str {
    match kind {
        Kind::Connect => "connect_argument",
        Kind::Join => "join_argument",
        Kind::On => "event_argument",
        Kind::Leave => "leave_argument",
        Kind::Intercept => "out_argument",
        Kind::Info => "info_argument",
        Kind::Disconnect => "disconnect_argument",
    }
}
