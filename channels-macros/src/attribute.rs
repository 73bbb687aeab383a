//! The helper attributes: `#[connect]`, `#[join("topic")]` and the rest.

use crate::{errors::Errors, parse::comma, rate::Rate};
use quote::ToTokens;
use std::mem;
use syn::{
    Attribute, Expr, ExprLit, Lit, LitStr, Meta, Path, Token,
    parse::{ParseStream, Parser},
    punctuated::Punctuated,
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Connect,
    Join,
    On,
    Leave,
    Intercept,
    Info,
    Disconnect,
}

/// A helper attribute on a method.
pub(crate) struct Helper<'a> {
    pub(crate) path: &'a Path,
    pub(crate) topic: Option<LitStr>,
    pub(crate) event: Option<LitStr>,
    pub(crate) rate: Option<Rate>,
}

impl Kind {
    const ALL: [Self; 7] = [
        Self::Connect,
        Self::Join,
        Self::On,
        Self::Leave,
        Self::Intercept,
        Self::Info,
        Self::Disconnect,
    ];

    pub(crate) fn of(path: &Path) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|kind| path.is_ident(kind.name()))
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Connect => "connect",
            Self::Join => "join",
            Self::On => "on",
            Self::Leave => "leave",
            Self::Intercept => "intercept",
            Self::Info => "info",
            Self::Disconnect => "disconnect",
        }
    }

    /// Whether methods of this kind belong to a topic.
    pub(crate) fn has_topic(self) -> bool {
        !matches!(self, Self::Connect | Self::Disconnect)
    }

    fn usage(self) -> &'static str {
        match self {
            Self::Connect => "`#[connect]`",
            Self::Join => "`#[join(\"topic\")]`",
            Self::On => "`#[on(\"topic\", \"event\")]` or `#[on(\"topic\")]`",
            Self::Leave => "`#[leave(\"topic\")]`",
            Self::Intercept => "`#[intercept(\"topic\", \"event\")]`",
            Self::Info => "`#[info(\"topic\")]`",
            Self::Disconnect => "`#[disconnect]`",
        }
    }

    /// The least and the greatest number of arguments.
    fn arity(self) -> (usize, usize) {
        match self {
            Self::Connect | Self::Disconnect => (0, 0),
            Self::Join | Self::Leave | Self::Info => (1, 1),
            Self::On => (1, 2),
            Self::Intercept => (2, 2),
        }
    }
}

impl<'a> Helper<'a> {
    /// Reads an attribute of this kind. Arguments that are wrong are reported and left out.
    pub(crate) fn parse(kind: Kind, attribute: &'a Attribute, errors: &mut Errors) -> Self {
        let mut helper = Self {
            path: attribute.path(),
            topic: None,
            event: None,
            rate: None,
        };
        if let Some(arguments) = arguments(kind, attribute, errors) {
            let (named, arguments): (Vec<_>, Vec<_>) = arguments
                .iter()
                .partition(|argument| named(argument).is_some());
            helper.rate = named.first().and_then(|rate| self::rate(rate, errors));
            let mut arguments = arguments.into_iter();
            helper.topic = arguments
                .next()
                .and_then(|topic| text("topic", topic, errors));
            if let Some(event) = arguments.next() {
                helper.event = text("event", event, errors);
                match &helper.event {
                    Some(event) => check_event(event, errors),
                    // Without its event the attribute would mean something else.
                    None => helper.topic = None,
                }
            }
        }
        helper
    }
}

/// The arguments, if there are as many as there should be.
fn arguments(kind: Kind, attribute: &Attribute, errors: &mut Errors) -> Option<Vec<Expr>> {
    let usage = || format!("expected {}", kind.usage());
    let arguments = match &attribute.meta {
        Meta::Path(_) => Vec::new(),
        Meta::NameValue(_) => {
            errors.at(attribute.path(), usage());
            return None;
        }
        Meta::List(list) => {
            let parser = |input: ParseStream<'_>| expressions(input, &usage);
            errors.keep(list.parse_args_with(parser))?
        }
    };
    let (least, most) = kind.arity();
    let mut unnamed = arguments
        .iter()
        .filter(|argument| named(argument).is_none());
    let count = unnamed.clone().count();
    if let Some(superfluous) = unnamed.nth(most) {
        errors.at(superfluous, usage());
        None
    } else if !are_known(kind, &arguments, errors) {
        None
    } else if count < least {
        errors.at(attribute.path(), usage());
        None
    } else {
        Some(arguments)
    }
}

fn expressions(input: ParseStream<'_>, usage: &dyn Fn() -> String) -> syn::Result<Vec<Expr>> {
    let mut expressions = Vec::new();
    while !input.is_empty() {
        let expression = input.parse();
        // That it is no expression is not what is wrong with it.
        let expression = expression.map_err(|error| syn::Error::new(error.span(), usage()))?;
        if !matches!(expression, Expr::Lit(_)) && !input.is_empty() && !input.peek(Token![,]) {
            // A text without quotes.
            return Err(syn::Error::new_spanned(expression, usage()));
        }
        expressions.push(expression);
        comma(input)?;
    }
    Ok(expressions)
}

/// The rate in `rate = "10/s"`.
fn rate(argument: &Expr, errors: &mut Errors) -> Option<Rate> {
    let Expr::Assign(assign) = argument else {
        return None;
    };
    let text = text("rate, such as `\"10/s\"`,", &assign.right, errors)?;
    Rate::parse(&text, errors)
}

/// The name in `event = "new:msg"`.
fn named(argument: &Expr) -> Option<&Expr> {
    match argument {
        Expr::Assign(assign) => Some(&assign.left),
        _ => None,
    }
}

/// Whether all names are among those that the attribute has.
fn are_known(kind: Kind, arguments: &[Expr], errors: &mut Errors) -> bool {
    let mut names = arguments.iter().filter_map(named);
    let mut has_rate = false;
    let unknown = names.find_map(|argument| {
        let name = argument.to_token_stream().to_string();
        let message = match (kind, &*name) {
            (Kind::On, "rate") if !mem::replace(&mut has_rate, true) => return None,
            (Kind::On, "rate") => "`rate` is given twice".to_owned(),
            (Kind::On, name) if name != "topic" && name != "event" => {
                format!("unknown argument `{name}`; expected `rate = \"10/s\"`")
            }
            _ => format!("an argument has no name here; expected {}", kind.usage()),
        };
        Some((argument, message))
    });
    let Some((argument, message)) = unknown else {
        return true;
    };
    errors.at(argument, message);
    false
}

/// A text that is written out. `macro_rules!` may have put it into an invisible group.
fn text(what: &str, mut value: &Expr, errors: &mut Errors) -> Option<LitStr> {
    while let Expr::Group(group) = value {
        value = &group.expr;
    }
    if let Expr::Lit(ExprLit {
        lit: Lit::Str(text),
        ..
    }) = value
    {
        // rustc does not look at a suffix that only a macro sees.
        if !text.suffix().is_empty() {
            errors.at(text, format!("the {what} is a string without a suffix"));
        }
        return Some(text.clone());
    }
    errors.at(value, format!("the {what} must be a string literal"));
    None
}

/// What holds for the name of an event wherever it is declared.
pub(crate) fn check_event(event: &LitStr, errors: &mut Errors) {
    let name = event.value();
    if name.is_empty() {
        errors.at(event, "the name of an event cannot be empty");
    } else if name.starts_with("phx_") {
        errors.at(
            event,
            format!("the event `{name}` belongs to the protocol, like all that begin with `phx_`"),
        );
    }
}

/// The helper attributes that a `cfg_attr` would apply.
pub(crate) fn conditional(attribute: &Attribute) -> Vec<(Kind, Path)> {
    match &attribute.meta {
        Meta::List(list) if list.path.is_ident("cfg_attr") => within(list),
        _ => Vec::new(),
    }
}

fn within(list: &syn::MetaList) -> Vec<(Kind, Path)> {
    let parser = Punctuated::<Meta, Token![,]>::parse_terminated;
    let Ok(metas) = parser.parse2(list.tokens.clone()) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    // The first is the condition.
    for meta in metas.into_iter().skip(1) {
        match meta {
            Meta::List(list) if list.path.is_ident("cfg_attr") => found.extend(within(&list)),
            meta => found.extend(Kind::of(meta.path()).map(|kind| (kind, meta.path().clone()))),
        }
    }
    found
}

/// Whether the attribute is for the macro alone, so that nobody else may see it.
pub(crate) fn is_helper(attribute: &Attribute) -> bool {
    Kind::of(attribute.path()).is_some() || !conditional(attribute).is_empty()
}
