//! What a `#[join]` or an `#[event]` says about clients that do not keep up: `overflow = drop_oldest`.

use crate::{errors::Errors, options};
use proc_macro2::Ident;
use syn::Expr;

/// The policies, and what the runtime calls them.
const POLICIES: [(&str, &str); 4] = [
    ("disconnect", "Disconnect"),
    ("drop_oldest", "DropOldest"),
    ("drop_newest", "DropNewest"),
    ("latest", "Latest"),
];

const EXPECTED: &str = "`disconnect`, `drop_oldest`, `drop_newest` or `latest`";

pub(crate) fn usage() -> String {
    format!("`overflow = policy`, a policy being {EXPECTED}")
}

/// Reads the policy. Gives it as the runtime calls it, where it is written.
pub(crate) fn parse(value: &Expr, errors: &mut Errors) -> Option<Ident> {
    let Some(name) = options::ident(value) else {
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
