//! The arguments of a helper attribute that have a name.

use crate::{attribute::Kind, errors::Errors};
use syn::{Expr, ExprAssign, Ident};

/// Whether the attribute has arguments of these names, each once. What is wrong is reported.
pub(crate) fn are_known(kind: Kind, named: &[ExprAssign], errors: &mut Errors) -> bool {
    let Some((option, usage)) = kind.option() else {
        return named.is_empty();
    };
    let mut known = 0;
    for ExprAssign { left, .. } in named {
        match ident(left) {
            Some(name) if name == option => {
                known += 1;
                if known == 2 {
                    errors.at(name, format!("`{option}` is given twice"));
                }
            }
            Some(name) if name == "topic" || name == "event" => {
                errors.at(name, kind.no_name());
                // What follows is as wrong.
                break;
            }
            Some(name) => {
                errors.at(name, format!("unknown argument `{name}`; expected {usage}"));
            }
            None => errors.at(left, format!("expected {usage}")),
        }
    }
    known == named.len() && known < 2
}

/// A single word. `macro_rules!` may have put it into an invisible group.
pub(crate) fn ident(mut value: &Expr) -> Option<&Ident> {
    while let Expr::Group(group) = value {
        value = &group.expr;
    }
    match value {
        Expr::Path(path) => path.path.get_ident(),
        _ => None,
    }
}
