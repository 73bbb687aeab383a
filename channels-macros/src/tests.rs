//! What the macros write for whole inputs. What rustc makes of it is tested with the compiler.

use crate::{channel_tokens, event};
use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};
use quote::quote;

fn assert_same(actual: &TokenStream, expected: &TokenStream) {
    assert_eq!(actual.to_string(), expected.to_string());
}

/// The part of an expansion after the user's own block.
fn implementation(args: TokenStream, block: &TokenStream, user: &TokenStream) -> TokenStream {
    let expansion = channel_tokens(args, block);
    let (expansion, user) = (expansion.to_string(), user.to_string());
    let rest = expansion.strip_prefix(&user);
    rest.unwrap_or_else(|| panic!("{expansion}\n\ndoes not begin with\n\n{user}"))
        .parse()
        .unwrap()
}

/// A method of the trait, as `async_trait` has it.
fn boxed(name: &str, body: &TokenStream) -> TokenStream {
    let name = Ident::new(name, Span::call_site());
    quote! {
        fn #name<'life0, 'life1, 'async_trait>(
            &'life0 self,
            __conn: ::phx_channels::ChannelConn<'life1>,
            __event: ::phx_channels::ChannelEvent,
        ) -> ::phx_channels::__private::BoxFuture<'async_trait>
        where
            'life0: 'async_trait,
            'life1: 'async_trait,
            Self: 'async_trait,
        {
            ::phx_channels::__private::Box::pin(async move { #body })
        }
    }
}

fn expected_join() -> TokenStream {
    quote! {
        for __pattern in ::phx_channels::__private::patterns(__conn) {
            match __pattern {
                0 => {
                    let ::core::option::Option::Some(__arg1) =
                        ::phx_channels::__private::capture_str(__conn.topic(), 1) else { continue };
                    let ::core::option::Option::Some(__arg0) =
                        ::phx_channels::__private::join_argument::<ChannelConn<'_>, _>(__conn, &__event) else { return };
                    let __output = ::phx_channels::__private::send(Self::join(self, __arg0, __arg1)).await;
                    return ::phx_channels::__private::joined(__conn, &__event, __output);
                }
                _ => {}
            }
        }
    }
}

fn expected_on() -> TokenStream {
    quote! {
        for __candidate in ::phx_channels::__private::candidates(__conn, &__event) {
            match __candidate {
                #[cfg(feature = "messages")]
                (0, ::core::option::Option::Some("new:msg")) => {
                    let ::core::option::Option::Some(__arg1) =
                        ::phx_channels::__private::capture::<u32>(__conn.topic(), 1) else { continue };
                    let ::core::option::Option::Some(__arg0) =
                        ::phx_channels::__private::event_argument::<Message, _>(__conn, &__event) else { return };
                    let __output = ::phx_channels::__private::send(Self::new_msg(self, __arg0, __arg1)).await;
                    return ::phx_channels::__private::replied(__conn, &__event, __output);
                }
                (1, ::core::option::Option::None) => {
                    let __output = ::phx_channels::__private::send(Self::other(self)).await;
                    return ::phx_channels::__private::replied(__conn, &__event, __output);
                }
                _ => {}
            }
        }
        ::phx_channels::__private::unmatched_event(__conn, &__event);
    }
}

#[test]
fn expansion_is_predictable() {
    let block = quote! {
        #[allow(dead_code)]
        impl<T> Chat<T> where T: Bound {
            /// Joins.
            #[join("rooms:{room}")]
            #[instrument]
            async fn join(&self, conn: ChannelConn<'_>, room: &str) -> Answer { body() }
            #[cfg(feature = "messages")]
            #[on("rooms:{room}", "new:msg")]
            async fn new_msg(&self, message: Message, room: u32) {}
            #[on("rooms:*")]
            pub(crate) async fn other(&self) {}
            const LIMIT: usize = { 1 };
        }
    };
    let user = quote! {
        #[allow(dead_code)]
        impl<T> Chat<T> where T: Bound {
            /// Joins.
            #[instrument]
            #[allow(clippy::unused_async, clippy::unused_self)]
            async fn join(&self, conn: ChannelConn<'_>, room: &str) -> Answer { body() }
            #[cfg(feature = "messages")]
            #[allow(clippy::unused_async, clippy::unused_self)]
            async fn new_msg(&self, message: Message, room: u32) {}
            #[allow(clippy::unused_async, clippy::unused_self)]
            pub(crate) async fn other(&self) {}
            const LIMIT: usize = { 1 };
        }
    };
    let join_channel = boxed("join_channel", &expected_join());
    let incoming_message = boxed("incoming_message", &expected_on());
    let expected = quote! {
        #[automatically_derived]
        impl<T> ::phx_channels::ChannelHandler for Chat<T> where T: Bound {
            fn routes(&self, __topic: &::core::primitive::str) -> ::phx_channels::__private::Routes {
                static __ROUTER: ::phx_channels::__private::Router =
                    ::phx_channels::__private::Router::new(&[
                        ::phx_channels::__private::Pattern { layer: 0, join: true, paths: &["rooms/{room}/"] },
                        ::phx_channels::__private::Pattern { layer: 1, join: false, paths: &["rooms/{*rest}"] }
                    ]);
                __ROUTER.routes(__topic)
            }
            #join_channel
            #incoming_message
        }
    };
    assert_same(
        &implementation(TokenStream::new(), &block, &user),
        &expected,
    );
}

const CHANNEL: &str = r#"
    #[allow(unused)]
    unsafe impl<'a, T: Bound<{ 1 }>, const N: usize> module::Chat<T, N> where T: 'static {
        #![allow(x)]
        const A: [u8; { 1 }] = { f::<{ 2 }>() };
        type B = Vec<u8>;
        #[connect] async fn connect(&self, Params(p): Params<P>) -> Result<(), Refused> { a + }
        #[join("rooms:{room}:{*rest}")]
        pub(in crate::a) async fn join(&self, mut room: u32, _rest: &str) -> impl Into<Foo<{ 3 }>> {}
        #[on("rooms:{room}", "new:msg")] async fn new_msg(&self, r#room: &str, m: &[u8]) { #[on] }
        #[cfg(all())] #[on("food*")] unsafe extern "C" fn food(&mut self, x: impl Trait) {}
        #[cfg_attr(all(), leave("x"), cfg_attr(a, on("a", "b")))] default const fn d() -> [u8; 1];
        #[leave(r"rooms:*",)] async fn leave<T>(self: &Self, #[cfg(a)] x: &'a mut dyn Fn(u8)) {}
        #[disconnect] async fn gone(&self) {}
        vec![1, 2];
        path::to::mac! { x }
    }
"#;

const EVENT: &str = r#"
    #[derive(Clone)] #[event("new:msg", crate = a::b)] #[doc = "x"]
    pub struct Message<'a, T: Bound = u8, const N: usize = 1>(pub &'a T, [u8; N]) where T: Copy;
"#;

/// Every way to leave a token out, put it there twice, swap it with the next, or end before it, in
/// every group.
fn mangled(tokens: &TokenStream) -> Vec<TokenStream> {
    let tokens: Vec<TokenTree> = tokens.clone().into_iter().collect();
    let mut all = Vec::new();
    for (index, token) in tokens.iter().enumerate() {
        let (before, after) = (&tokens[..index], &tokens[index + 1..]);
        let join = |middle: &[TokenTree], after: &[TokenTree]| {
            let parts = [before, middle, after];
            parts.concat().into_iter().collect::<TokenStream>()
        };
        all.push(join(&[], after));
        all.push(join(&[], &[]));
        all.push(join(&[token.clone(), token.clone()], after));
        if let Some((next, after)) = after.split_first() {
            all.push(join(&[next.clone(), token.clone()], after));
        }
        if let TokenTree::Group(group) = token {
            for stream in mangled(&group.stream()) {
                let group = Group::new(group.delimiter(), stream);
                all.push(join(&[group.into()], after));
            }
        }
    }
    all
}

#[test]
fn broken_input_never_panics() {
    let args: TokenStream = "crate = a::b".parse().unwrap();
    let channel: TokenStream = CHANNEL.parse().unwrap();
    let event: TokenStream = EVENT.parse().unwrap();
    for channel in mangled(&channel) {
        assert!(!channel_tokens(args.clone(), &channel).is_empty());
    }
    for args in mangled(&args) {
        assert!(!channel_tokens(args, &channel).is_empty());
    }
    for event in mangled(&event) {
        assert!(!event::derive(event).is_empty());
    }
    for nothing in [
        TokenStream::new(),
        quote!({}),
        quote!(impl),
        quote!(impl {}),
    ] {
        assert!(!channel_tokens(TokenStream::new(), &nothing).is_empty());
        assert!(!event::derive(nothing).is_empty());
    }
}

/// With mistakes the block comes back too, without what only the macro understands.
#[test]
fn mistakes_leave_the_block_intact() {
    let block = quote! {
        impl Chat {
            #[join("rooms::x")]
            async fn join(&self) { body() }
            #[cfg_attr(x, on("rooms:*"))]
            fn other(&self) {}
        }
    };
    let user = quote! {
        impl Chat {
            #[allow(clippy::unused_async, clippy::unused_self)]
            async fn join(&self) { body() }
            #[allow(clippy::unused_async, clippy::unused_self)]
            fn other(&self) {}
        }
    };
    let rest = implementation(TokenStream::new(), &block, &user).to_string();
    assert!(rest.contains("ChannelHandler for Chat"));
    assert!(rest.contains(":: core :: unreachable !"));
    assert_eq!(rest.matches("compile_error").count(), 2, "{rest}");
}

/// Another path for the crate is used everywhere.
#[test]
fn crate_path_replaces_the_name_of_the_crate() {
    let block = quote! {
        impl Chat {
            #[connect]
            async fn connect(&self, params: Params) {}
            #[join("rooms:{room}")]
            async fn join(&self, room: &str, conn: Conn<'_>) {}
            #[on("rooms:{*rest}", "x")]
            async fn x(&self, rest: Rest, payload: u8) {}
            #[leave("rooms:*")]
            async fn leave(&self, reason: Reason) {}
            #[disconnect]
            async fn gone(&self, params: Params) {}
        }
    };
    let text = channel_tokens(quote!(crate = a::b), &block).to_string();
    assert!(!text.contains("phx_channels"), "{text}");
    assert!(text.contains("impl a :: b :: ChannelHandler"), "{text}");
    let derived = event::derive(quote! {
        #[event(crate = a::b)]
        struct Message<T>(T);
    });
    assert_same(
        &derived,
        &quote! {
            #[automatically_derived]
            impl<T> a::b::Event for Message<T> where Self: a::b::__private::Serialize {
                const NAME: &'static ::core::primitive::str = "message";
            }
        },
    );
}

#[test]
fn default_event_names_are_in_snake_case() {
    for (ident, name) in [
        (quote!(Ping), "ping"),
        (quote!(NewMsg), "new_msg"),
        (quote!(HTTPRequest2Go), "http_request2_go"),
        (quote!(already_so), "already_so"),
        (quote!(r#Type), "type"),
        (quote!(X), "x"),
    ] {
        let derived = event::derive(quote!(struct #ident;)).to_string();
        assert!(derived.contains(&format!("= {name:?}")), "{derived}");
    }
    let derived = event::derive(quote!(
        struct PhxReply;
    ))
    .to_string();
    assert!(derived.contains("belongs to the protocol"), "{derived}");
}
