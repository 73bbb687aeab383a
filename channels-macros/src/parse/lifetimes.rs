//! Lifetimes that a method declares: `async fn join<'a>(&'a self, room: &'a str)`.

use proc_macro2::{Group, Ident, Punct, Spacing, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{GenericParam, Signature, TypeParamBound, WherePredicate};

/// The signature with `'_` for each lifetime that it declares. The expansion names the types of the
/// arguments outside of the method, where nobody has declared them.
pub(super) fn elided(mut signature: Signature) -> Signature {
    let lifetimes = signature.generics.lifetimes();
    let declared: Vec<_> = lifetimes.map(|own| own.lifetime.ident.clone()).collect();
    if declared.is_empty() {
        return signature;
    }
    let generics = &mut signature.generics;
    let params = std::mem::take(&mut generics.params).into_iter();
    generics.params = params
        .filter(|param| !matches!(param, GenericParam::Lifetime(_)))
        .collect();
    if let Some(mut clause) = generics.where_clause.take() {
        let predicates = clause.predicates.into_iter();
        clause.predicates = predicates.filter(|one| !is_about_lifetimes(one)).collect();
        generics.where_clause = Some(clause).filter(|clause| !clause.predicates.is_empty());
    }
    let tokens = replace(signature.to_token_stream(), &declared);
    syn::parse2(tokens).unwrap_or(signature)
}

/// `'a: 'b` or `T: 'a`. Whether it holds is for rustc to say, and it says so of the method itself.
fn is_about_lifetimes(predicate: &WherePredicate) -> bool {
    match predicate {
        WherePredicate::Lifetime(_) => true,
        WherePredicate::Type(predicate) => {
            let mut bounds = predicate.bounds.iter();
            bounds.all(|bound| matches!(bound, TypeParamBound::Lifetime(_)))
        }
        _ => false,
    }
}

fn replace(tokens: TokenStream, declared: &[Ident]) -> TokenStream {
    let mut after_quote = false;
    let replaced = |token| {
        let is_name = after_quote;
        after_quote = is_quote(&token);
        match token {
            TokenTree::Ident(name) if is_name && declared.contains(&name) => {
                TokenTree::Ident(Ident::new("_", name.span()))
            }
            TokenTree::Group(group) => {
                let mut inner = Group::new(group.delimiter(), replace(group.stream(), declared));
                inner.set_span(group.span());
                TokenTree::Group(inner)
            }
            token => token,
        }
    };
    tokens.into_iter().map(replaced).collect()
}

fn is_quote(token: &TokenTree) -> bool {
    let is_quote = |punct: &Punct| punct.as_char() == '\'' && punct.spacing() == Spacing::Joint;
    matches!(token, TokenTree::Punct(punct) if is_quote(punct))
}
