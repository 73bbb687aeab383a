//! What `#[channel]` writes for some blocks, to be read: `snapshots/NAME.in.rs` is the input, and
//! `snapshots/NAME.out.rs` what comes of it. `SNAPSHOTS=overwrite cargo test -p phx-channels-macros`
//! accepts what comes now.

use crate::channel_tokens;
use proc_macro2::{TokenStream, TokenTree};
use std::{env, fs, path::PathBuf};

fn snapshot(name: &str) {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("snapshots");
    let input = fs::read_to_string(folder.join(name).with_extension("in.rs")).unwrap();
    let (args, block) = split(input.parse().unwrap());
    let expansion = syn::parse2(without_bodies(&channel_tokens(args, &block))).unwrap();
    let actual = prettyplease::unparse(&expansion);

    let file = folder.join(name).with_extension("out.rs");
    if env::var("SNAPSHOTS").is_ok_and(|what| what == "overwrite") {
        fs::write(&file, &actual).unwrap();
    }
    let expected = fs::read_to_string(&file).unwrap_or_default();
    assert_eq!(actual, expected, "{} is not what comes now", file.display());
}

/// The arguments of the attribute, and the block behind it.
fn split(input: TokenStream) -> (TokenStream, TokenStream) {
    let mut tokens = input.into_iter();
    let attribute = tokens.nth(1);
    let Some(TokenTree::Group(attribute)) = attribute else {
        panic!("the input begins with #[channel]");
    };
    let args = attribute.stream().into_iter().nth(1);
    let args = match args {
        Some(TokenTree::Group(args)) => args.stream(),
        _ => TokenStream::new(),
    };
    (args, tokens.collect())
}

/// A body that cannot be parsed comes back as it is, but does not go through a pretty printer.
fn without_bodies(tokens: &TokenStream) -> TokenStream {
    let text = tokens.to_string();
    text.replace("{ syntax error in a body }", "{}")
        .parse()
        .unwrap()
}

macro_rules! snapshots {
    ($($name:ident)*) => {
        $(
            #[test]
            fn $name() {
                snapshot(stringify!($name));
            }
        )*
    };
}

snapshots! {
    join captures events rate specificity cfg state intercept info leave connection generics overflow mistakes
}
