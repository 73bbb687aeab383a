//! Mistakes that only rustc can find, for they depend on types, but that only the macro can name.

use super::{Expansion, at, located};
use crate::model::{Argument, Handler, Narrow, Source};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;

/// What to say where there is a mistake.
struct Words {
    message: String,
    label: &'static str,
    note: &'static str,
}

impl Expansion<'_> {
    /// Says something at `span` unless `answer` is `Sound`. Output:
    ///
    /// ```text
    /// {
    ///     #[diagnostic::on_unimplemented(message = "..", label = "..", note = "..")]
    ///     trait Declared {}
    ///     #[diagnostic::do_not_recommend]
    ///     impl Declared for __phx_channels::__private::Sound {}
    ///     const fn check<T: Declared>(_: &T) {}
    ///     check(&answer);
    /// }
    /// ```
    fn unless_sound(&self, span: Span, answer: &TokenStream, words: &Words) -> TokenStream {
        let krate = self.krate;
        let Words {
            message,
            label,
            note,
        } = words;
        let check = Ident::new("__check", span);
        let call = quote_spanned!(span=> #check(&#answer););
        quote_spanned! {Span::mixed_site()=>
            {
                #[diagnostic::on_unimplemented(message = #message, label = #label, note = #note)]
                trait __Declared {}
                #[diagnostic::do_not_recommend]
                impl __Declared for #krate::__private::Sound {}
                const fn __check<T: __Declared>(_: &T) {}
                #call
            }
        }
    }

    /// Checks that a method takes every topic that a join lets in. Input: `seat: u8` in a method, and
    /// `seat: u32` in a join that leads to it. Output, for `unless_sound`:
    ///
    /// ```text
    /// (&&&&__phx_channels::__private::Probe::<(u8, u32)>::new()).takes_all()
    /// ```
    pub(super) fn narrow(&self, handler: &Handler<'_>) -> TokenStream {
        let narrow = self.model.narrow(handler);
        narrow
            .iter()
            .map(|narrow| self.as_wide(handler, narrow))
            .collect()
    }

    fn as_wide(&self, handler: &Handler<'_>, narrow: &Narrow<'_, '_>) -> TokenStream {
        let Narrow {
            name,
            ty,
            join,
            joined,
        } = narrow;
        let span = at(ty.span());
        let krate = located(self.krate, span);
        let cfgs = join.cfgs();
        let taken = joined.map_or_else(
            || quote!(#krate::__private::Text),
            ToTokens::to_token_stream,
        );
        let answer = quote_spanned! {span=>
            (&&&&#krate::__private::Probe::<(#ty, #taken)>::new()).takes_all()
        };
        let written = |ty: &dyn ToTokens| ty.to_token_stream().to_string();
        let in_join = joined.map_or_else(|| "&str".to_owned(), |ty| written(&ty));
        let pattern = join.topic.as_ref().map(|topic| topic.text.value());
        let words = Words {
            message: format!(
                "`{}` takes the capture `{name}` as `{}`, but `{}` of `#[join({:?})]` as `{in_join}`",
                handler.signature.ident,
                written(ty),
                join.signature.ident,
                pattern.unwrap_or_default(),
            ),
            label: "narrower than in the join",
            note: "what the join lets in and this type does not take would never get here; \
                 take the same type in both",
        };
        let check = self.unless_sound(span, &answer, &words);
        quote!(#(#cfgs)* #check)
    }

    /// Checks that no two `#[info]` methods of one pattern are for the same message, whatever it is
    /// called. Output, for each two of a pattern and for `unless_sound`:
    ///
    /// ```text
    /// (&&__phx_channels::__private::Probe::of(&(/* message of one */, /* of the other */))).differ()
    /// ```
    pub(super) fn distinct_messages(&self, handlers: &[&Handler<'_>]) -> TokenStream {
        let id = |handler: &Handler<'_>| {
            handler
                .topic
                .as_ref()
                .map(|topic| self.model.table.id(topic))
        };
        let mut checks = TokenStream::new();
        for (index, second) in handlers.iter().enumerate() {
            for first in handlers[..index]
                .iter()
                .filter(|first| id(first) == id(second))
            {
                checks.extend(self.distinct(first, second));
            }
        }
        checks
    }

    fn distinct(&self, first: &Handler<'_>, second: &Handler<'_>) -> TokenStream {
        let text = second.topic.as_ref().map(|topic| &topic.text);
        let span = at(text.map_or_else(Span::call_site, Spanned::span));
        let krate = located(self.krate, span);
        let (one, other) = (self.message(first), self.message(second));
        let answer = quote_spanned! {span=>
            (&&#krate::__private::Probe::of(&(#one, #other))).differ()
        };
        let (first_name, second_name) = (&first.signature.ident, &second.signature.ident);
        let pattern = text.map(syn::LitStr::value).unwrap_or_default();
        let words = Words {
            message: format!(
                "methods `{first_name}` and `{second_name}` take the same message of `#[info({pattern:?})]`"
            ),
            label: "the second never runs",
            note: "a message goes to one method; give one of them a type of its own",
        };
        let cfgs = first.cfgs().chain(second.cfgs());
        let check = self.unless_sound(span, &answer, &words);
        quote!(#(#cfgs)* #check)
    }

    /// The message of an `#[info]` method, as a value that says its type. Output:
    ///
    /// ```text
    /// (&&&&__phx_channels::__private::Probe::<Tick>::new())
    ///     .via()
    ///     .message(__phx_channels::__private::Probe::<Tick>::new(), ())
    /// ```
    fn message(&self, handler: &Handler<'_>) -> TokenStream {
        let krate = self.krate;
        let mixed = Span::mixed_site();
        let is_event = |argument: &&Argument<'_>| matches!(argument.source, Source::Event);
        let arguments = handler.arguments.iter().filter(is_event);
        arguments.fold(quote!(()), |before, argument| {
            let ty = argument.ty;
            quote_spanned! {mixed=>
                (&&&&#krate::__private::Probe::<#ty>::new())
                    .via()
                    .message(#krate::__private::Probe::<#ty>::new(), #before)
            }
        })
    }
}
