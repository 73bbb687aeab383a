//! What a method returned, before it is carried out.

use super::{Expansion, at, located};
use crate::{attribute::Kind, model::Handler};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::{GenericArgument, PathArguments, ReturnType, Type, spanned::Spanned};

impl Expansion<'_> {
    /// Makes replies of the error and of the value, so that rustc points at the one that is none. Output for an
    /// `#[on]` that returns `Result<Posted, Failure>`; a `#[join]` has the first line alone:
    ///
    /// ```text
    /// let __output = __phx_channels::__private::Output(__output).with_error();
    /// let __output = __phx_channels::__private::Output(__output).with_value();
    /// ```
    pub(super) fn parts(&self, handler: &Handler<'_>) -> TokenStream {
        let output = match &handler.signature.output {
            ReturnType::Type(_, ty) if matches!(handler.kind, Kind::Join | Kind::On) => ty,
            _ => return TokenStream::new(),
        };
        let (value, error) = parts(output);
        let error = self.part("with_error", error);
        let value = (handler.kind == Kind::On).then(|| self.part("with_value", value));
        quote!(#error #value)
    }

    fn part(&self, method: &str, span: Span) -> TokenStream {
        let span = at(span);
        let krate = located(self.krate, span);
        let method = Ident::new(method, span);
        quote_spanned!(span=> let __output = #krate::__private::Output(__output).#method();)
    }
}

/// Where the value and the error of a `Result<T, E>` are written; of an alias, where that is.
fn parts(output: &Type) -> (Span, Span) {
    let whole = (output.span(), output.span());
    let path = match output {
        Type::Path(path) => &path.path,
        Type::Group(group) => return parts(&group.elem),
        Type::Paren(paren) => return parts(&paren.elem),
        _ => return whole,
    };
    let last = path.segments.last().map(|segment| &segment.arguments);
    let Some(PathArguments::AngleBracketed(arguments)) = last else {
        return whole;
    };
    let mut types = arguments.args.iter().filter_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty.span()),
        _ => None,
    });
    match (types.next(), types.next()) {
        (Some(value), Some(error)) => (value, error),
        _ => whole,
    }
}
