//! What the macros write for whole inputs. What rustc makes of it is tested with the compiler.

mod arbitrary;
mod mutations;
mod snapshots;
mod unreadable;

use crate::{channel_tokens, event};
use proc_macro2::{Group, TokenStream, TokenTree};
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
        #[intercept("rooms:*", "x")] async fn out(&self, tag: Tag) -> Option<Tag> {}
        #[info("rooms:{room}")] async fn tick(&self, conn: Conn<'_>, _room: &str, tick: Tick) {}
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
            #[intercept("rooms:*", "x")]
            async fn out(&self, payload: u8, state: &State) -> Option<u8> {}
            #[info("rooms:{*rest}")]
            async fn info(&self, rest: Rest, message: u8) {}
            #[disconnect]
            async fn gone(&self, params: Params) {}
        }
    };
    let text = channel_tokens(quote!(crate = a::b), &block).to_string();
    assert!(!text.contains(":: phx_channels"), "{text}");
    assert!(text.contains("use a :: b as __phx_channels ;"), "{text}");
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
