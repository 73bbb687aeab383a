//! The arguments of a method, as the names in its body.

use proc_macro2::{Ident, TokenStream, TokenTree};
use syn::{FnArg, Pat, Signature, Type, TypePath};

/// The arguments that have a name.
pub(super) struct Bindings<'a>(Vec<(&'a Ident, &'a Type)>);

/// Something that sends.
#[derive(Clone, Copy)]
pub(super) enum Sender {
    Conn,
    Pusher,
    Broadcaster,
}

impl Sender {
    /// How its own topic is written.
    pub(super) fn own_topic(self, name: &Ident) -> Option<String> {
        match self {
            Self::Conn => Some(format!("{name}.topic()")),
            Self::Pusher => Some("\"topic\"".to_owned()),
            Self::Broadcaster => None,
        }
    }
}

impl<'a> Bindings<'a> {
    pub(super) fn of(signature: &'a Signature) -> Self {
        let named = signature.inputs.iter().filter_map(|input| match input {
            FnArg::Typed(argument) => match &*argument.pat {
                Pat::Ident(name) => Some((&name.ident, &*argument.ty)),
                _ => None,
            },
            FnArg::Receiver(_) => None,
        });
        Self(named.collect())
    }

    /// What sends under this name.
    pub(super) fn sender(&self, name: &Ident) -> Option<Sender> {
        let ty = peeled(self.ty(name)?);
        match last(ty)?.to_string().as_str() {
            "ChannelConn" => Some(Sender::Conn),
            "Pusher" => Some(Sender::Pusher),
            "Broadcaster" => Some(Sender::Broadcaster),
            _ => None,
        }
    }

    /// Whether a name is that of an argument whose type is text or a number, throughout the body.
    pub(super) fn is_plain(&self, name: &Ident, body: &TokenStream) -> bool {
        let ty = self.ty(name).map(peeled);
        ty.is_some_and(is_plain) && !is_bound(name, body.clone())
    }

    /// Whether a name is that of an argument which is a value of a type of its own, throughout the body.
    pub(super) fn is_value(&self, name: &Ident, body: &TokenStream) -> bool {
        let is_value = |ty: &Type| match ty {
            Type::Path(_) => !is_plain(ty),
            _ => false,
        };
        self.ty(name).is_some_and(is_value) && !is_bound(name, body.clone())
    }

    fn ty(&self, name: &Ident) -> Option<&'a Type> {
        let mut arguments = self.0.iter();
        arguments.find(|(own, _)| *own == name).map(|(_, ty)| *ty)
    }
}

fn peeled(ty: &Type) -> &Type {
    match ty {
        Type::Reference(reference) => peeled(&reference.elem),
        Type::Group(group) => peeled(&group.elem),
        Type::Paren(paren) => peeled(&paren.elem),
        ty => ty,
    }
}

fn last(ty: &Type) -> Option<&Ident> {
    match ty {
        Type::Path(TypePath {
            qself: None, path, ..
        }) => Some(&path.segments.last()?.ident),
        _ => None,
    }
}

/// Types that encode as a text, a number or a boolean.
fn is_plain(ty: &Type) -> bool {
    const PLAIN: [&str; 18] = [
        "String", "str", "char", "bool", "u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16",
        "i32", "i64", "i128", "isize", "f32", "f64",
    ];
    match ty {
        Type::Path(TypePath {
            qself: None, path, ..
        }) => PLAIN.iter().any(|plain| path.is_ident(plain)),
        _ => false,
    }
}

/// Whether the body gives the name to something else, as far as tokens tell: in a `let`, a `for`, a closure or
/// an arm of a `match`.
fn is_bound(name: &Ident, body: TokenStream) -> bool {
    let tokens: Vec<_> = body.into_iter().collect();
    let mut in_pattern = false;
    tokens.iter().enumerate().any(|(index, token)| {
        let ends_arm = follows(&tokens[index..], '=', '>');
        match token {
            TokenTree::Ident(word) if word == "let" || word == "for" => in_pattern = true,
            TokenTree::Ident(word) if word == "in" => in_pattern = false,
            TokenTree::Punct(punct) if punct.as_char() == '=' => in_pattern = false,
            TokenTree::Punct(punct) if punct.as_char() == '|' => in_pattern = true,
            TokenTree::Punct(punct) if punct.as_char() == ';' => in_pattern = false,
            TokenTree::Ident(word) => return word == name && (in_pattern || ends_arm),
            TokenTree::Group(group) => {
                let inside = group.stream();
                let binds = (in_pattern || ends_arm) && mentions(name, inside.clone());
                return binds || is_bound(name, inside);
            }
            _ => {}
        }
        false
    })
}

/// Whether the second token is the first half of `=>`.
fn follows(tokens: &[TokenTree], first: char, second: char) -> bool {
    let is = |index: usize, wanted| matches!(tokens.get(index), Some(TokenTree::Punct(punct)) if punct.as_char() == wanted);
    is(1, first) && is(2, second)
}

fn mentions(name: &Ident, tokens: TokenStream) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(word) => word == *name,
        TokenTree::Group(group) => mentions(name, group.stream()),
        _ => false,
    })
}
