//! From facts to tokens. Nothing here can fail.
//!
//! All names are absolute, and all tokens that are not the user's have the hygiene of this macro:
//! `at` moves one to where rustc should point, and leaves that as it is.

mod arguments;
mod info;
mod mistake;
mod output;
mod rate;
mod role;
mod router;

use crate::{
    attribute::Kind,
    model::{Argument, Handler, Model},
    parse::{Args, ImplBlock},
};
use proc_macro2::{Ident, Literal, Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::{LitStr, Path, Token, spanned::Spanned};

struct Expansion<'a> {
    krate: &'a Path,
    model: &'a Model<'a>,
}

/// The user's block, and the trait implementation that calls its methods.
pub(crate) fn expand(args: &Args, block: &ImplBlock, model: &Model<'_>) -> TokenStream {
    let krate = &args.krate;
    let expansion = Expansion { krate, model };
    let methods = [
        expansion.router(),
        expansion.join_channel(),
        expansion.incoming_message(),
        expansion.handle_out(),
        expansion.handle_info(),
        expansion.leave_channel(),
        expansion.connect(),
        expansion.disconnect(),
    ];
    let questions = role::questions(krate);
    let implementation = implementation(args, block, &questions, &methods.into_iter().collect());
    quote!(#block #implementation)
}

/// Input: `impl<T> Chat<T> where T: Bound { .. }`. Output:
///
/// ```text
/// const _: () = {
///     use ::phx_channels as __phx_channels;
///     /* other imports */
///     #[automatically_derived]
///     impl<T> __phx_channels::ChannelHandler for Chat<T>
///     where
///         T: Bound,
///         Self: ::core::marker::Send + ::core::marker::Sync + 'static,
///     { methods }
/// };
/// ```
///
/// Of a path that leads nowhere, and of a type that is not `Send`, every method would say so. Here it
/// is said once: nothing is reported about an import that has failed, and a `where` clause is
/// believed (the trait wants the same anyway).
pub(crate) fn implementation(
    args: &Args,
    block: &ImplBlock,
    imports: &TokenStream,
    methods: &TokenStream,
) -> TokenStream {
    let Args { path, krate } = args;
    let self_ty = &block.syntax.self_ty;
    let (impl_generics, _, where_clause) = block.syntax.generics.split_for_impl();
    let predicates = where_clause.map(|clause| clause.predicates.iter());
    let predicates = predicates.into_iter().flatten();
    let span = at(self_ty.span());
    let shared = quote_spanned! {span=>
        Self: ::core::marker::Send + ::core::marker::Sync + 'static,
    };
    quote! {
        const _: () = {
            use #path as #krate;
            #imports
            #[automatically_derived]
            impl #impl_generics #krate::ChannelHandler for #self_ty
            where
                #(#predicates,)*
                #shared
            {
                #methods
            }
        };
    }
}

/// What a method of the trait takes besides the connection.
#[derive(Clone, Copy)]
pub(crate) enum Takes {
    Nothing,
    Event,
    Info,
}

/// A method as `async_trait` has it. Output:
///
/// ```text
/// fn join_channel<'life0, 'life1, 'async_trait>(
///     &'life0 self,
///     __conn: __phx_channels::ChannelConn<'life1>,
///     __event: __phx_channels::ChannelEvent,
/// ) -> __phx_channels::__private::BoxFuture<'async_trait>
/// where
///     'life0: 'async_trait,
///     'life1: 'async_trait,
///     Self: 'async_trait,
/// { body }
/// ```
pub(crate) fn boxed_method(
    krate: &Path,
    name: &str,
    takes: Takes,
    body: &TokenStream,
) -> TokenStream {
    let name = Ident::new(name, Span::call_site());
    let mixed = Span::mixed_site();
    let argument = match takes {
        Takes::Nothing => TokenStream::new(),
        Takes::Event => quote_spanned!(mixed=> __event: #krate::ChannelEvent,),
        Takes::Info => quote_spanned!(mixed=> __info: #krate::Info,),
    };
    quote_spanned! {mixed=>
        fn #name<'life0, 'life1, 'async_trait>(
            &'life0 self,
            __conn: #krate::ChannelConn<'life1>,
            #argument
        ) -> #krate::__private::BoxFuture<'async_trait>
        where
            'life0: 'async_trait,
            'life1: 'async_trait,
            Self: 'async_trait,
        {
            #body
        }
    }
}

impl Expansion<'_> {
    /// Input: the `#[join]` methods. Output:
    ///
    /// ```text
    /// for __pattern in __phx_channels::__private::patterns(__conn) {
    ///     match __pattern {
    ///         0 => { /* arguments */ return __phx_channels::__private::joined(..) }
    ///         _ => {}
    ///     }
    /// }
    /// ```
    fn join_channel(&self) -> TokenStream {
        let arms = self.arms(Kind::Join);
        let body = self.each_pattern(&arms);
        self.boxed("join_channel", Takes::Event, &body)
    }

    /// Input: the `#[on]` methods. Output, for `#[on("rooms:{room}", "new:msg")]` and
    /// `#[on("rooms:*")]`:
    ///
    /// ```text
    /// for __candidate in __phx_channels::__private::candidates(__conn, &__event) {
    ///     match __candidate {
    ///         (0, ::core::option::Option::Some("new:msg")) => { .. }
    ///         (1, ::core::option::Option::None) => { .. }
    ///         _ => {}
    ///     }
    /// }
    /// __phx_channels::__private::unmatched_event(__conn, &__event);
    /// ```
    fn incoming_message(&self) -> TokenStream {
        let krate = self.krate;
        let mixed = Span::mixed_site();
        let arms = self.arms(Kind::On);
        let candidates = (!arms.is_empty()).then(|| {
            quote_spanned! {mixed=>
                for __candidate in #krate::__private::candidates(__conn, &__event) {
                    match __candidate {
                        #arms
                        _ => {}
                    }
                }
            }
        });
        let body = quote_spanned! {mixed=>
            #candidates
            #krate::__private::unmatched_event(__conn, &__event);
        };
        self.boxed("incoming_message", Takes::Event, &body)
    }

    /// Input: the `#[intercept]` methods; without them nothing is intercepted. Output:
    ///
    /// ```text
    /// for __pattern in __phx_channels::__private::patterns(__conn) {
    ///     match (__pattern, __event.event()) {
    ///         (0, "new:msg") => { .. }
    ///         _ => {}
    ///     }
    /// }
    /// __phx_channels::__private::not_intercepted(__conn, __event);
    /// ```
    fn handle_out(&self) -> TokenStream {
        let krate = self.krate;
        let arms = self.arms(Kind::Intercept);
        if arms.is_empty() {
            return arms;
        }
        let body = quote_spanned! {Span::mixed_site()=>
            for __pattern in #krate::__private::patterns(__conn) {
                match (__pattern, __event.event()) {
                    #arms
                    _ => {}
                }
            }
            #krate::__private::not_intercepted(__conn, __event);
        };
        self.boxed("handle_out", Takes::Event, &body)
    }

    /// Input: the `#[leave]` methods; without them the trait's own `leave_channel` is right.
    /// Output:
    ///
    /// ```text
    /// __phx_channels::__private::leave(__conn, &__event);
    /// for __pattern in __phx_channels::__private::patterns(__conn) { .. }
    /// ```
    fn leave_channel(&self) -> TokenStream {
        let krate = self.krate;
        let arms = self.arms(Kind::Leave);
        if arms.is_empty() {
            return arms;
        }
        let patterns = self.each_pattern(&arms);
        let body = quote_spanned! {Span::mixed_site()=>
            #krate::__private::leave(__conn, &__event);
            #patterns
        };
        self.boxed("leave_channel", Takes::Event, &body)
    }

    /// Input: the `#[connect]` method. Output:
    ///
    /// ```text
    /// let __event = __phx_channels::__private::connect_event(__conn);
    /// /* arguments */
    /// return __phx_channels::__private::connected(__conn, &__event, __output);
    /// ```
    fn connect(&self) -> TokenStream {
        self.of_connection(Kind::Connect)
    }

    /// The same for `#[disconnect]`, whose result is `()`.
    fn disconnect(&self) -> TokenStream {
        self.of_connection(Kind::Disconnect)
    }

    /// There are several where `#[cfg]` chooses between them.
    fn of_connection(&self, kind: Kind) -> TokenStream {
        let krate = self.krate;
        let handlers = self.model.handlers(kind).into_iter();
        handlers
            .map(|handler| {
                let cfgs = handler.cfgs();
                let run = self.run(handler);
                let body = quote_spanned! {Span::mixed_site()=>
                    let __event = #krate::__private::connect_event(__conn);
                    #run
                };
                let method = self.boxed(kind.name(), Takes::Nothing, &body);
                let allow = allow(handler);
                quote!(#(#cfgs)* #allow #method)
            })
            .collect()
    }

    fn boxed(&self, name: &str, takes: Takes, body: &TokenStream) -> TokenStream {
        let krate = self.krate;
        let body = quote_spanned! {Span::mixed_site()=>
            #krate::__private::Box::pin(async move { #body })
        };
        boxed_method(krate, name, takes, &body)
    }

    fn each_pattern(&self, arms: &TokenStream) -> TokenStream {
        let krate = self.krate;
        quote_spanned! {Span::mixed_site()=>
            for __pattern in #krate::__private::patterns(__conn) {
                match __pattern {
                    #arms
                    _ => {}
                }
            }
        }
    }

    /// An arm for each method of a kind, as `routes` numbers the patterns.
    fn arms(&self, kind: Kind) -> TokenStream {
        let handlers = self.model.handlers(kind).into_iter();
        handlers
            .filter_map(|handler| {
                let topic = handler.topic.as_ref()?;
                let mut id = Literal::usize_unsuffixed(self.model.table.id(topic));
                // The span is the user's: where `#[cfg]` leaves two methods for one event, rustc
                // warns here. The text is written anew, for how it was quoted does not matter.
                let span = handler.event.as_ref().unwrap_or(&topic.text).span();
                id.set_span(span);
                let event = handler.event.as_ref().map(LitStr::value);
                let pattern = match (event, kind) {
                    (Some(event), Kind::On) => {
                        let event = LitStr::new(&event, span);
                        quote_spanned!(span=> (#id, ::core::option::Option::Some(#event)))
                    }
                    (Some(event), Kind::Intercept) => {
                        let event = LitStr::new(&event, span);
                        quote_spanned!(span=> (#id, #event))
                    }
                    (None, Kind::On) => quote_spanned!(span=> (#id, ::core::option::Option::None)),
                    _ => quote!(#id),
                };
                let cfgs = handler.cfgs();
                let run = self.run(handler);
                let allow = allow(handler);
                Some(quote!(#(#cfgs)* #allow #pattern => { #run }))
            })
            .collect()
    }

    /// Runs a method. Input: `async fn join(&self, conn: ChannelConn<'_>, room: &str) -> Answer`.
    /// Output, where a capture that does not fit leads to the next pattern:
    ///
    /// ```text
    /// /* captures, or else continue */
    /// /* the rate, or else return */
    /// /* what the arguments are */
    /// /* other arguments */
    /// /* the call */
    /// ```
    fn run(&self, handler: &Handler<'_>) -> TokenStream {
        let captures = self.captures(handler, &quote!(continue));
        let limit = self.limit(handler);
        let narrow = self.narrow(handler);
        let taken = self.taken(handler);
        let others = self.others(handler);
        let call = self.call(handler);
        quote!(#captures #limit #narrow #taken #others #call)
    }

    /// Calls a method with the arguments that were taken. Output:
    ///
    /// ```text
    /// let __output = __phx_channels::__private::send(Self::join(self, __arg0, __arg1)).await;
    /// return __phx_channels::__private::joined::<_, _>(__conn, &__event, __output);
    /// ```
    fn call(&self, handler: &Handler<'_>) -> TokenStream {
        let name = &handler.signature.ident;
        let values = handler.arguments.iter().enumerate().map(local);
        let span = at(name.span());
        let krate = located(self.krate, span);
        let send = self.send(handler);
        let output = Ident::new("__output", at(handler.output_span()));
        let finish = Ident::new(finish(handler.kind), span);
        let types = joined_types(handler);
        let checks = match handler.kind {
            Kind::Join => self.checks(handler),
            _ => TokenStream::new(),
        };
        let returned = self.returned(handler);
        let overflow = self.overflow(handler);
        let parts = self.parts(handler);
        quote_spanned! {span=>
            #overflow
            let __output = #send(Self::#name(self #(, #values)*)).await;
            #returned
            #parts
            #checks
            return #krate::__private::#finish #types (__conn, &__event, #output);
        }
    }

    /// The function that reports a future which is not `Send`, and nothing else does. Of a state that
    /// cannot be kept the join speaks, so that the methods which take it ask before.
    fn send(&self, handler: &Handler<'_>) -> TokenStream {
        let span = at(handler.signature.ident.span());
        let krate = located(self.krate, span);
        let any = quote_spanned!(span=> #krate::__private::send);
        let of_taker = |_| quote_spanned!(span=> __kept.send);
        handler.state().map_or(any, of_taker)
    }

    /// Says what happens to broadcasts that do not fit, before the join runs, which may say otherwise.
    /// Input: `#[join("cursors:*", overflow = drop_oldest)]`. Output:
    ///
    /// ```text
    /// __conn.overflow(__phx_channels::Overflow::DropOldest);
    /// ```
    fn overflow(&self, join: &Handler<'_>) -> Option<TokenStream> {
        let policy = join.overflow.as_ref()?;
        let krate = self.krate;
        let tokens = quote_spanned! {Span::mixed_site()=>
            __conn.overflow(#krate::Overflow::#policy);
        };
        Some(tokens)
    }

    /// Checks that a join makes the state which the methods behind it take. Output, after the call
    /// of the join:
    ///
    /// ```text
    /// __phx_channels::__private::makes::<Count, _>(&__output);
    /// ```
    fn checks(&self, join: &Handler<'_>) -> TokenStream {
        let mut checks = TokenStream::new();
        for taker in self.model.states_behind(join) {
            let Some(state) = taker.state() else {
                continue;
            };
            let cfgs = taker.cfgs();
            let ty = state.ty;
            let span = at(ty.span());
            // The message is at the state, and its label at the join.
            let makes = Ident::new("makes", at(join.output_span()));
            let krate = located(self.krate, at(join.output_span()));
            checks.extend(quote_spanned! {span=>
                #(#cfgs)* #krate::__private::#makes::<#ty, _>(&__output);
            });
        }
        checks
    }
}

/// The function of the runtime that carries out what a method returned.
fn finish(kind: Kind) -> &'static str {
    match kind {
        Kind::Connect => "connected",
        Kind::Join => "joined",
        Kind::On => "replied",
        Kind::Intercept => "intercepted",
        Kind::Info | Kind::Leave | Kind::Disconnect => "ended",
    }
}

/// The types that `joined` is told, to be found out by rustc: what is wrong with the state is reported at
/// the first, and what is wrong with all that a join returned at the second. Output:
///
/// ```text
/// ::<_, _>
/// ```
fn joined_types(handler: &Handler<'_>) -> Option<TokenStream> {
    let state = Token![_](at(handler.made_span()?));
    let returned = Token![_](at(handler.output_span()));
    Some(quote_spanned!(Span::mixed_site()=> ::<#state, #returned>))
}

/// The variable that holds an argument; one of the wrong type is reported at the type.
fn local((index, argument): (usize, &Argument<'_>)) -> Ident {
    format_ident!("__arg{index}", span = at(argument.ty.span()))
}

/// A method that is deprecated for others is not so for its own channel.
fn allow(handler: &Handler<'_>) -> Option<TokenStream> {
    handler
        .is_deprecated()
        .then(|| quote!(#[allow(deprecated)]))
}

/// The path of the crate, seen from elsewhere.
fn located(path: &Path, span: Span) -> TokenStream {
    let relocate = |mut token: TokenTree| {
        token.set_span(span.resolved_at(token.span()));
        token
    };
    path.to_token_stream().into_iter().map(relocate).collect()
}

fn at(span: Span) -> Span {
    span.resolved_at(Span::mixed_site())
}
