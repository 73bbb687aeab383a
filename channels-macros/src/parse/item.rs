//! The items of an `impl` block.

use super::lifetimes;
use crate::attribute;
use proc_macro2::{Group, Span, TokenStream, TokenTree};
use quote::{ToTokens, TokenStreamExt, quote, quote_spanned};
use syn::{
    Attribute, Generics, Ident, LitStr, Path, Signature, Token, Type, Visibility,
    ext::IdentExt,
    parse::{Parse, ParseStream, Parser},
    token,
};

/// An item of an `impl` block.
pub(crate) struct Item {
    pub(crate) attrs: Vec<Attribute>,
    /// All after the attributes.
    tokens: TokenStream,
    pub(crate) syntax: Syntax,
}

pub(crate) enum Syntax {
    Method(Box<Signature>),
    /// A call of the macro with this path.
    Macro(Path),
    /// A const or a type.
    Other,
    /// Not an item, as far as can be seen. rustc has said so: it reads a block before a macro gets it.
    Unreadable(Span),
}

impl Parse for Item {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let span = input.span();
        let Ok(attrs) = attributes(input) else {
            skip_attributes(input)?;
            skip(input)?;
            return Ok(Self::unreadable(Vec::new(), span));
        };
        if input.is_empty() {
            return Ok(Self::unreadable(attrs, span));
        }
        let mut tokens = TokenStream::new();
        let syntax = if is_method(input) {
            method(input, &mut tokens)
        } else if let Some(path) = macro_path(input) {
            until_end(input, &mut tokens, true)?;
            // A call in parentheses has its semicolon as an item of its own, so to speak.
            tokens.extend(
                input
                    .parse::<Option<Token![;]>>()?
                    .map(ToTokens::into_token_stream),
            );
            Some(Syntax::Macro(path))
        } else if is_const(input) || is_type(input) {
            if !until_end(input, &mut tokens, false)? {
                // rustc goes on as if it were there.
                tokens.extend(quote!(;));
            }
            Some(Syntax::Other)
        } else {
            None
        };
        if let Some(syntax) = syntax {
            return Ok(Self {
                attrs,
                tokens,
                syntax,
            });
        }
        skip(input)?;
        Ok(Self::unreadable(attrs, span))
    }
}

impl Item {
    fn unreadable(attrs: Vec<Attribute>, span: Span) -> Self {
        Self {
            attrs,
            tokens: TokenStream::new(),
            syntax: Syntax::Unreadable(span),
        }
    }

    pub(crate) fn is_unreadable(&self) -> bool {
        matches!(self.syntax, Syntax::Unreadable(_))
    }

    pub(crate) fn is_method(&self) -> bool {
        matches!(self.syntax, Syntax::Method(_))
    }

    /// What is between the braces of a method.
    pub(crate) fn body(&self) -> Option<TokenStream> {
        match self.tokens.clone().into_iter().last()? {
            TokenTree::Group(body) if self.is_method() => Some(body.stream()),
            _ => None,
        }
    }

    /// Puts something else between the braces of a method.
    pub(crate) fn set_body(&mut self, body: TokenStream) {
        let tokens = std::mem::take(&mut self.tokens).into_iter();
        let mut tokens: Vec<_> = tokens.collect();
        if let Some(TokenTree::Group(old)) = tokens.last_mut() {
            let mut new = Group::new(old.delimiter(), body);
            new.set_span(old.span());
            *old = new;
        }
        self.tokens = tokens.into_iter().collect();
    }

    pub(crate) fn is_handler(&self) -> bool {
        self.attrs.iter().any(attribute::is_helper)
    }

    /// Whether the trait that the block is expanded into has a method of this name.
    fn is_named_like_trait(&self) -> bool {
        const METHODS: [&str; 10] = [
            "connect",
            "join_channel",
            "leave_channel",
            "incoming_message",
            "handle_out",
            "handle_info",
            "disconnect",
            "router",
            "routes",
            "declared",
        ];
        match &self.syntax {
            Syntax::Method(signature) => METHODS.iter().any(|name| signature.ident == name),
            Syntax::Macro(_) | Syntax::Other | Syntax::Unreadable(_) => false,
        }
    }

    /// Nothing is said about what cannot be read, since rustc has said it. Should rustc know a syntax
    /// that is unknown here, a handler must not be lost in silence: this lint speaks only where there
    /// is no error at all.
    pub(crate) fn lost(&self) -> TokenStream {
        let Syntax::Unreadable(span) = self.syntax else {
            return TokenStream::new();
        };
        quote_spanned! {span=>
            const _: () = {
                #[must_use = "`#[channel]` cannot read this item; move it to a block of its own"]
                struct Lost;
                #[allow(dead_code, path_statements)]
                #[deny(unused_must_use)]
                fn lost() {
                    Lost;
                }
            };
        }
    }
}

impl ToTokens for Item {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        if self.is_unreadable() {
            return;
        }
        let is_foreign = |attribute: &&Attribute| !attribute::is_helper(attribute);
        tokens.append_all(self.attrs.iter().filter(is_foreign));
        if self.is_handler() {
            // It is not for the user to choose whether a handler is `async` and takes `&self`.
            tokens.extend(quote!(#[allow(clippy::unused_async, clippy::unused_self)]));
        }
        if self.is_named_like_trait() {
            // Nor can a user know what the trait has.
            tokens.extend(quote!(#[allow(clippy::same_name_method)]));
        }
        self.tokens.to_tokens(tokens);
    }
}

/// Reads each attribute by itself, so that one which is wrong is wrong here and not at the end.
fn attributes(input: ParseStream<'_>) -> syn::Result<Vec<Attribute>> {
    let mut attrs = Vec::new();
    while is_attribute(input) {
        let hash: Token![#] = input.parse()?;
        let brackets: TokenTree = input.parse()?;
        attrs.extend(Attribute::parse_outer.parse2(quote!(#hash #brackets))?);
    }
    Ok(attrs)
}

fn skip_attributes(input: ParseStream<'_>) -> syn::Result<()> {
    while is_attribute(input) {
        input.parse::<Token![#]>()?;
        input.parse::<TokenTree>()?;
    }
    Ok(())
}

fn is_attribute(input: ParseStream<'_>) -> bool {
    input.peek(Token![#]) && input.peek2(token::Bracket)
}

/// Whether a `fn` follows, after whatever may stand before one.
fn is_method(input: ParseStream<'_>) -> bool {
    let ahead = input.fork();
    if ahead.parse::<Visibility>().is_err() {
        return false;
    }
    while !ahead.peek(Token![fn]) {
        let is_qualifier = ahead.peek(Token![default])
            || ahead.peek(Token![const])
            || ahead.peek(Token![async])
            || ahead.peek(Token![unsafe])
            || ahead.peek(Token![extern])
            || ahead.peek(LitStr);
        if !is_qualifier || ahead.parse::<TokenTree>().is_err() {
            return false;
        }
    }
    true
}

fn macro_path(input: ParseStream<'_>) -> Option<Path> {
    let ahead = input.fork();
    let path = ahead.call(Path::parse_mod_style).ok()?;
    ahead.peek(Token![!]).then_some(path)
}

fn is_const(input: ParseStream<'_>) -> bool {
    let ahead = input.fork();
    let head = || -> syn::Result<()> {
        ahead.parse::<Visibility>()?;
        ahead.parse::<Option<Token![default]>>()?;
        ahead.parse::<Token![const]>()?;
        ahead.call(Ident::parse_any)?;
        ahead.parse::<Generics>()?;
        ahead.parse::<Token![:]>()?;
        ahead.parse::<Type>()?;
        Ok(())
    };
    head().is_ok() && (ahead.peek(Token![=]) || ahead.peek(Token![;]))
}

fn is_type(input: ParseStream<'_>) -> bool {
    let ahead = input.fork();
    let head = || -> syn::Result<()> {
        ahead.parse::<Visibility>()?;
        ahead.parse::<Option<Token![default]>>()?;
        ahead.parse::<Token![type]>()?;
        Ok(())
    };
    head().is_ok()
}

/// Reads a method: the signature, whose tokens are kept as well, and the body as one token.
fn method(input: ParseStream<'_>, tokens: &mut TokenStream) -> Option<Syntax> {
    let ahead = input.fork();
    let signature = || -> syn::Result<Signature> {
        ahead.parse::<Visibility>()?;
        ahead.parse::<Option<Token![default]>>()?;
        ahead.parse()
    };
    let signature = lifetimes::elided(signature().ok()?);
    if !ahead.peek(token::Brace) && !ahead.peek(Token![;]) {
        return None;
    }
    while input.cursor() < ahead.cursor() && !input.is_empty() {
        tokens.extend(input.parse::<TokenTree>());
    }
    until_end(input, tokens, true).ok()?;
    Some(Syntax::Method(Box::new(signature)))
}

/// Passes over what is no item: to its end, or to the attributes of the next.
fn skip(input: ParseStream<'_>) -> syn::Result<()> {
    let mut first = true;
    while !input.is_empty() && (first || !is_attribute(input)) {
        first = false;
        let is_end = input.peek(Token![;]) || input.peek(token::Brace);
        input.parse::<TokenTree>()?;
        if is_end {
            break;
        }
    }
    Ok(())
}

/// Moves tokens up to and including a semicolon or, where braces end the item, those. Whether the end
/// was there: a helper attribute begins the next item in any case.
fn until_end(input: ParseStream<'_>, tokens: &mut TokenStream, braces: bool) -> syn::Result<bool> {
    while !input.is_empty() && !is_helper(input) {
        let is_end = input.peek(Token![;]) || (braces && input.peek(token::Brace));
        input.parse::<TokenTree>()?.to_tokens(tokens);
        if is_end {
            return Ok(true);
        }
    }
    Ok(false)
}

fn is_helper(input: ParseStream<'_>) -> bool {
    let attrs = attributes(&input.fork()).unwrap_or_default();
    attrs.iter().any(attribute::is_helper)
}
