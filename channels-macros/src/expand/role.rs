//! What rustc is asked about arguments and results, since it alone knows their types.

use super::{Expansion, at, located};
use crate::{
    attribute::Kind,
    model::{Argument, Handler, Source},
};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;

/// The traits by which rustc answers. Which of them are needed depends on types. Output:
///
/// ```text
/// #[allow(unused_imports)]
/// use __phx_channels::__private::answers::*;
/// ```
pub(super) fn questions(krate: &syn::Path) -> TokenStream {
    quote! {
        #[allow(unused_imports)]
        use #krate::__private::answers::*;
    }
}

impl Expansion<'_> {
    /// The role of an argument, which is checked to be one for this kind of method. Input:
    /// `reply: ReplyTo`. Output:
    ///
    /// ```text
    /// (&&&&__phx_channels::__private::Probe::<ReplyTo>::new())
    ///     .via()
    ///     .belongs_to(__phx_channels::__private::OnMethod)
    /// ```
    pub(super) fn role(&self, kind: Kind, argument: &Argument<'_>) -> TokenStream {
        let ty = argument.ty;
        let span = at(ty.span());
        let krate = located(self.krate, span);
        let kind = Ident::new(marker(kind), span);
        quote_spanned! {span=>
            (&&&&#krate::__private::Probe::<#ty>::new())
                .via()
                .belongs_to(#krate::__private::#kind)
        }
    }

    /// Learns what each argument is, and checks that no two take what is there for one. An `#[info]`
    /// method counts its messages itself. Output:
    ///
    /// ```text
    /// let __taken = __phx_channels::__private::nothing_taken();
    /// let __role0 = /* role of the first argument */;
    /// let __taken = __role0.take(__taken);
    /// let __role1 = /* role of the second argument */;
    /// let __taken = __role1.take(__taken);
    /// ```
    pub(super) fn taken(&self, handler: &Handler<'_>) -> Option<TokenStream> {
        if handler.kind == Kind::Info || from_event(handler).next().is_none() {
            return None;
        }
        let krate = self.krate;
        let takes = from_event(handler).map(|(index, argument)| {
            let (span, role) = role(index, argument);
            let belongs = self.role(handler.kind, argument);
            quote_spanned! {span=>
                let #role = #belongs;
                let __taken = #role.take(__taken);
            }
        });
        Some(quote_spanned! {Span::mixed_site()=>
            let __taken = #krate::__private::nothing_taken();
            #(#takes)*
        })
    }

    /// Checks what a method returned, where `finish` takes more than it should. Output for an `#[on]`
    /// and for an `#[intercept]`:
    ///
    /// ```text
    /// (&&__phx_channels::__private::Probe::of(&__output)).replies().beside(__taken);
    /// (&&&__phx_channels::__private::Probe::of(&__output)).pushes().check();
    /// ```
    pub(super) fn returned(&self, handler: &Handler<'_>) -> Option<TokenStream> {
        let span = at(handler.output_span());
        let krate = located(self.krate, span);
        match handler.kind {
            Kind::On => from_event(handler).next().map(|_| {
                quote_spanned! {span=>
                    (&&#krate::__private::Probe::of(&__output)).replies().beside(__taken);
                }
            }),
            Kind::Intercept => Some(quote_spanned! {span=>
                (&&&#krate::__private::Probe::of(&__output)).pushes().check();
            }),
            _ => None,
        }
    }
}

/// The arguments whose types say what they are taken from.
pub(super) fn from_event<'a>(
    handler: &'a Handler<'_>,
) -> impl DoubleEndedIterator<Item = (usize, &'a Argument<'a>)> {
    let arguments = handler.arguments.iter().enumerate();
    arguments.filter(|(_, argument)| matches!(argument.source, Source::Event))
}

/// The variable that holds what an argument is.
pub(super) fn role(index: usize, argument: &Argument<'_>) -> (Span, Ident) {
    let span = at(argument.ty.span());
    (span, format_ident!("__role{index}", span = span))
}

/// What the runtime calls a kind of method.
fn marker(kind: Kind) -> &'static str {
    match kind {
        Kind::Connect => "ConnectMethod",
        Kind::Join => "JoinMethod",
        Kind::On => "OnMethod",
        Kind::Leave => "LeaveMethod",
        Kind::Intercept => "InterceptMethod",
        Kind::Info => "InfoMethod",
        Kind::Disconnect => "DisconnectMethod",
    }
}
