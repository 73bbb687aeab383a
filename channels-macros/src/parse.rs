//! From tokens to syntax, without judgement. Attributes and signatures are parsed; bodies stay as
//! they are, so that a mistake in a body is rustc's to report, once.

mod item;
mod lifetimes;

pub(crate) use item::{Item, Syntax};

use crate::{
    errors::Errors,
    model::{is_async_trait, is_channel},
};
use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, TokenStreamExt, quote};
use syn::{
    Attribute, ItemImpl, LitStr, Path, Token, Visibility,
    ext::IdentExt,
    parse::{ParseStream, Parser},
    parse_quote,
};

/// The arguments of `#[channel(...)]`.
pub(crate) struct Args {
    /// Where the crate is.
    pub(crate) path: Path,
    /// What the expansion calls it.
    pub(crate) krate: Path,
}

impl Args {
    pub(crate) fn parse(tokens: TokenStream, errors: &mut Errors) -> Self {
        let mut krate = None;
        let parser = |input: ParseStream<'_>| {
            while !input.is_empty() {
                crate_argument(input, &mut krate, "`crate = path`")?;
                comma(input)?;
            }
            Ok(())
        };
        // A path that could be read counts even if something after it could not.
        errors.keep(parser.parse2(tokens));
        Self {
            path: krate.unwrap_or_else(default_crate),
            krate: Ident::new("__phx_channels", Span::call_site()).into(),
        }
    }
}

pub(crate) fn default_crate() -> Path {
    parse_quote!(::phx_channels)
}

/// Reads `crate = path`, or reports an argument that is not among the known ones.
pub(crate) fn crate_argument(
    input: ParseStream<'_>,
    krate: &mut Option<Path>,
    known: &str,
) -> syn::Result<()> {
    if !input.peek(Token![crate]) {
        return Err(match input.call(Ident::parse_any) {
            Ok(name) => {
                let message = format!("unknown argument `{name}`; expected {known}");
                syn::Error::new(name.span(), message)
            }
            Err(error) => syn::Error::new(error.span(), format!("expected {known}")),
        });
    }
    let keyword: Token![crate] = input.parse()?;
    if krate.is_some() {
        return Err(syn::Error::new(keyword.span, "`crate` is given twice"));
    }
    // The end of the arguments has no place of its own.
    let end = keyword.span;
    let span = |input: ParseStream<'_>| if input.is_empty() { end } else { input.span() };
    let expected = |span| syn::Error::new(span, "expected `crate = path`");
    let equals = span(input);
    input.parse::<Token![=]>().map_err(|_| expected(equals))?;
    if let Ok(text) = input.fork().parse::<LitStr>() {
        let message = format!(
            "the path of the crate is no string; write `crate = {}`",
            text.value()
        );
        return Err(syn::Error::new(text.span(), message));
    }
    let path = span(input);
    *krate = Some(
        input
            .call(Path::parse_mod_style)
            .map_err(|_| expected(path))?,
    );
    Ok(())
}

/// Reads the comma after an argument, which the last one may lack.
pub(crate) fn comma(input: ParseStream<'_>) -> syn::Result<()> {
    if !input.is_empty() {
        input.parse::<Token![,]>()?;
    }
    Ok(())
}

/// An `impl` block.
pub(crate) struct ImplBlock {
    /// All before the braces.
    head: TokenStream,
    /// The same, parsed; its items are in `items`.
    pub(crate) syntax: ItemImpl,
    braces: Group,
    inner: Vec<Attribute>,
    pub(crate) items: Vec<Item>,
}

impl ImplBlock {
    pub(crate) fn parse(item: &TokenStream) -> syn::Result<Self> {
        let mut tokens: Vec<_> = ungroup(item.clone()).into_iter().collect();
        let braces = match tokens.pop() {
            Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace => group,
            other => return Err(not_an_impl(tokens.into_iter().chain(other).collect())),
        };
        let head: TokenStream = tokens.into_iter().collect();
        if !is_impl.parse2(head.clone()).unwrap_or(false) {
            return Err(not_an_impl(head));
        }
        let mut empty = Group::new(Delimiter::Brace, TokenStream::new());
        empty.set_span(braces.span());
        let syntax = syn::parse2(quote!(#head #empty))?;
        let body = |input: ParseStream<'_>| {
            let inner = Attribute::parse_inner(input)?;
            let mut items = Vec::new();
            while !input.is_empty() {
                items.push(input.parse()?);
            }
            Ok((inner, items))
        };
        let (inner, items) = body.parse2(braces.stream())?;
        Ok(Self {
            head,
            syntax,
            braces,
            inner,
            items,
        })
    }
}

impl ImplBlock {
    /// The methods of a block that implements a trait, without that trait: there they would not be
    /// members of it. Without handlers among them it is a block like any other.
    pub(crate) fn as_inherent(&self) -> Option<TokenStream> {
        self.syntax.trait_.as_ref()?;
        self.items.iter().find(|item| item.is_handler())?;
        let methods = self.items.iter().filter(|item| item.is_method());
        let self_ty = &self.syntax.self_ty;
        let (generics, _, where_clause) = self.syntax.generics.split_for_impl();
        Some(quote!(impl #generics #self_ty #where_clause { #(#methods)* }))
    }
}

/// The block as the user wrote it, but without helper attributes and without a second `#[channel]`.
impl ToTokens for ImplBlock {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let mut body = TokenStream::new();
        body.append_all(&self.inner);
        body.append_all(&self.items);
        let mut braces = Group::new(Delimiter::Brace, body);
        braces.set_span(self.braces.span());
        let mut head = self.head.clone().into_iter();
        for attribute in &self.syntax.attrs {
            // It is two tokens, `#` and the brackets.
            let kept = head.by_ref().take(2);
            tokens.extend(kept.filter(|_| !is_channel(attribute) && !is_async_trait(attribute)));
        }
        tokens.extend(head);
        tokens.append(braces);
    }
}

/// A whole item that came through `macro_rules!` may sit in an invisible group.
fn ungroup(item: TokenStream) -> TokenStream {
    let mut tokens = item.clone().into_iter();
    match (tokens.next(), tokens.next()) {
        (Some(TokenTree::Group(group)), None) if group.delimiter() == Delimiter::None => {
            ungroup(group.stream())
        }
        _ => item,
    }
}

fn is_impl(input: ParseStream<'_>) -> syn::Result<bool> {
    input.call(Attribute::parse_outer)?;
    input.parse::<Option<Token![unsafe]>>()?;
    let is_impl = input.peek(Token![impl]);
    input.parse::<TokenStream>()?;
    Ok(is_impl)
}

/// Points at the keyword of whatever it is instead.
fn not_an_impl(item: TokenStream) -> syn::Error {
    let keyword = |input: ParseStream<'_>| {
        input.call(Attribute::parse_outer)?;
        input.parse::<Visibility>()?;
        let keyword = input.fork().parse::<TokenTree>().ok();
        input.parse::<TokenStream>()?;
        Ok(keyword)
    };
    let message = "`#[channel]` goes on an `impl` block";
    match keyword.parse2(item.clone()) {
        Ok(Some(keyword)) => syn::Error::new_spanned(keyword, message),
        _ => syn::Error::new_spanned(item, message),
    }
}
