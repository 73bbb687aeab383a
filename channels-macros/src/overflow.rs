//! What a `#[join]` says about clients that do not keep up: `overflow = drop_oldest`.

use crate::errors::Errors;
use proc_macro2::Ident;
use syn::{Expr, ExprAssign};

/// The policies, and what the runtime calls them.
const POLICIES: [(&str, &str); 4] = [
    ("disconnect", "Disconnect"),
    ("drop_oldest", "DropOldest"),
    ("drop_newest", "DropNewest"),
    ("latest", "Latest"),
];

const EXPECTED: &str = "`disconnect`, `drop_oldest`, `drop_newest` or `latest`";

/// Reads the arguments with a name. Gives the policy as the runtime calls it, where it is written.
pub(crate) fn parse(named: &[ExprAssign], errors: &mut Errors) -> Option<Ident> {
    let mut policy = None;
    for argument in named {
        if !is_overflow(argument) {
            let message = match ident(&argument.left) {
                Some(name) => format!("unknown argument `{name}`; expected `overflow = policy`"),
                None => "expected `overflow = policy`".to_owned(),
            };
            let message = format!("{message}, a policy being {EXPECTED}");
            errors.at(&argument.left, message);
        } else if policy.is_some() {
            errors.at(&argument.left, "`overflow` is given twice");
        } else {
            policy = Some(variant(&argument.right, errors));
        }
    }
    policy.flatten()
}

pub(crate) fn is_overflow(argument: &ExprAssign) -> bool {
    ident(&argument.left).is_some_and(|name| name == "overflow")
}

fn variant(value: &Expr, errors: &mut Errors) -> Option<Ident> {
    let Some(name) = ident(value) else {
        errors.at(value, format!("expected a policy: {EXPECTED}"));
        return None;
    };
    let known = POLICIES.iter().find(|(known, _)| name == known);
    if known.is_none() {
        let message = format!("unknown policy `{name}`; expected {EXPECTED}");
        errors.at(name, message);
    }
    known.map(|(_, variant)| Ident::new(variant, name.span()))
}

/// A single word. `macro_rules!` may have put it into an invisible group.
fn ident(mut value: &Expr) -> Option<&Ident> {
    while let Expr::Group(group) = value {
        value = &group.expr;
    }
    match value {
        Expr::Path(path) => path.path.get_ident(),
        _ => None,
    }
}
