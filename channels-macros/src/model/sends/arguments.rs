//! `conn.push("event", payload)`: what is sent is one value.

use super::Call;
use crate::{errors::Errors, model::signature::as_written};
use syn::Expr;

pub(super) fn report(call: &Call<'_>, first: &Expr, rest: &[Expr], errors: &mut Errors) {
    let name = call.name;
    let first_written = as_written(first);
    let rest_written: Vec<_> = rest.iter().map(as_written).collect();
    let rest_written = rest_written.join(", ");
    let event = match (&call.topic, rest) {
        (Some(topic), [_]) => format!("({topic}, {first_written}, {rest_written})"),
        (None, [_]) => format!("(\"topic\", {first_written}, {rest_written})"),
        _ => format!("({first_written}, {rest_written})"),
    };
    let message = format!("`{name}` sends one value: `{name}({event})`");
    errors.at(first, message);
}
