//! The helper attributes: `#[connect]`, `#[join("topic")]` and the rest.

use crate::{errors::Errors, options, overflow, parse::comma, rate::Rate};
use proc_macro2::Ident;
use syn::{
    Attribute, Expr, ExprAssign, ExprLit, Lit, LitStr, Meta, Path, Token,
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
    /// The policy for broadcasts that do not fit, as the runtime calls it.
    pub(crate) overflow: Option<Ident>,
    pub(crate) rate: Option<Rate>,
}

/// What is between the parentheses.
#[derive(Default)]
struct Arguments {
    values: Vec<Expr>,
    named: Vec<ExprAssign>,
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
            Self::Join => "`#[join(\"topic\")]` or `#[join(\"topic\", overflow = policy)]`",
            Self::On => "`#[on(\"topic\", \"event\")]` or `#[on(\"topic\")]`",
            Self::Leave => "`#[leave(\"topic\")]`",
            Self::Intercept => "`#[intercept(\"topic\", \"event\")]`",
            Self::Info => "`#[info(\"topic\")]`",
            Self::Disconnect => "`#[disconnect]`",
        }
    }

    /// The one argument that has a name, and how it is written.
    pub(crate) fn option(self) -> Option<(&'static str, String)> {
        match self {
            Self::Join => Some(("overflow", overflow::usage())),
            Self::On => Some(("rate", "`rate = \"10/s\"`".to_owned())),
            _ => None,
        }
    }

    pub(crate) fn no_name(self) -> String {
        format!("an argument has no name here; expected {}", self.usage())
    }

    /// The least and the greatest number of arguments without a name.
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
            overflow: None,
            rate: None,
        };
        if let Some(Arguments { values, named }) = arguments(kind, attribute, errors) {
            if let Some(ExprAssign { right, .. }) = named.first() {
                match kind {
                    Kind::Join => helper.overflow = overflow::parse(right, errors),
                    _ => helper.rate = rate(right, errors),
                }
            }
            let mut arguments = values.iter();
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
fn arguments(kind: Kind, attribute: &Attribute, errors: &mut Errors) -> Option<Arguments> {
    let usage = || format!("expected {}", kind.usage());
    let arguments = match &attribute.meta {
        Meta::Path(_) => Arguments::default(),
        Meta::NameValue(_) => {
            errors.at(attribute.path(), usage());
            return None;
        }
        Meta::List(list) => {
            let parser = |input: ParseStream<'_>| expressions(input, &usage);
            sort(kind, errors.keep(list.parse_args_with(parser))?)
        }
    };
    let (least, most) = kind.arity();
    let Arguments { values, named } = &arguments;
    if let Some(superfluous) = values.get(most) {
        errors.at(superfluous, usage());
        None
    } else if !options::are_known(kind, named, errors) {
        None
    } else if values.len() < least {
        errors.at(attribute.path(), usage());
        None
    } else if let Some(argument) = values.iter().find_map(assignment) {
        errors.at(&argument.left, kind.no_name());
        None
    } else {
        Some(arguments)
    }
}

/// Tells arguments with a name from those without, where there may be some.
fn sort(kind: Kind, expressions: Vec<Expr>) -> Arguments {
    let mut arguments = Arguments::default();
    for expression in expressions {
        match expression {
            Expr::Assign(argument) if kind.option().is_some() => arguments.named.push(argument),
            expression => arguments.values.push(expression),
        }
    }
    arguments
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
fn rate(value: &Expr, errors: &mut Errors) -> Option<Rate> {
    let text = text("rate, such as `\"10/s\"`,", value, errors)?;
    Rate::parse(&text, errors)
}

/// `event = "new:msg"`.
fn assignment(argument: &Expr) -> Option<&ExprAssign> {
    match argument {
        Expr::Assign(assignment) => Some(assignment),
        _ => None,
    }
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
