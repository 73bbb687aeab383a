//! A block with nearly everything in it, and a type, changed at some places: what can be parsed before
//! can be parsed after, and nothing panics.

use super::{
    CHANNEL, EVENT,
    arbitrary::{Shown, delimiter, each, tokens},
};
use crate::{channel_tokens, event};
use arbtest::arbitrary::{Result, Unstructured};
use proc_macro2::{Group, TokenStream, TokenTree};

/// A change of one token.
fn edited(u: &mut Unstructured<'_>, token: TokenTree) -> Result<TokenStream> {
    let same = TokenStream::from(token.clone());
    Ok(match u.int_in_range(0..=5)? {
        0 => TokenStream::new(),
        1 => [same.clone(), same].into_iter().collect(),
        2 => [tokens(u, 2)?, same].into_iter().collect(),
        3 => tokens(u, 2)?,
        4 => TokenTree::from(Group::new(delimiter(u)?, same)).into(),
        _ => match token {
            TokenTree::Group(group) => group.stream(),
            _ => same,
        },
    })
}

/// Changes one token here or, if it is a group, perhaps one within.
fn mutated(u: &mut Unstructured<'_>, original: TokenStream) -> Result<TokenStream> {
    let mut all: Vec<TokenTree> = original.into_iter().collect();
    if all.is_empty() {
        return tokens(u, 2);
    }
    let place = u.choose_index(all.len())?;
    let after = all.split_off(place + 1);
    let token = all.pop();
    let mut result: TokenStream = all.into_iter().collect();
    match token {
        Some(TokenTree::Group(group)) if u.ratio(4, 5)? => {
            let inner = mutated(u, group.stream())?;
            result.extend([TokenTree::from(Group::new(group.delimiter(), inner))]);
        }
        Some(token) => result.extend(edited(u, token)?),
        None => {}
    }
    result.extend(after);
    Ok(result)
}

/// Some changes of what is written here.
fn input(u: &mut Unstructured<'_>, original: &str) -> Result<TokenStream> {
    let mut input = original.parse().unwrap();
    for _ in 0..u.int_in_range(1..=3)? {
        input = mutated(u, input)?;
    }
    Ok(input)
}

fn is_file(tokens: &TokenStream) -> bool {
    syn::parse2::<syn::File>(tokens.clone()).is_ok()
}

fn check(input: &TokenStream, expand: impl FnOnce() -> TokenStream) {
    let shown = Shown(input.clone());
    let output = expand();
    assert!(!output.is_empty() || input.is_empty());
    assert!(!is_file(input) || is_file(&output), "becomes\n{output}");
    drop(shown);
}

#[test]
fn a_changed_block_comes_back() {
    each(|u| {
        let block = input(u, CHANNEL)?;
        check(&block, || channel_tokens(TokenStream::new(), &block));
        Ok(())
    });
}

#[test]
fn any_argument_of_channel_is_answered() {
    each(|u| {
        let args = tokens(u, 0)?;
        let block = CHANNEL.parse().unwrap();
        check(&block, || channel_tokens(args, &block));
        Ok(())
    });
}

#[test]
fn a_changed_type_is_answered() {
    each(|u| {
        let item = input(u, EVENT)?;
        check(&item, || event::derive(item.clone()));
        Ok(())
    });
}
