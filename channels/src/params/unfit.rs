//! Why connect parameters do not fit a type.

use serde::de::{self, Expected, Unexpected};
use std::fmt;

/// Said twice: to the client in full, and to the log without any value, since values may be secrets.
#[derive(Debug)]
pub(super) struct Unfit {
    in_full: String,
    without_values: String,
}

impl Unfit {
    /// Where and why, without a value of the client.
    pub(super) fn without_values(&self) -> &str {
        &self.without_values
    }

    fn new(in_full: String, without_values: impl Into<String>) -> Self {
        Self {
            in_full,
            without_values: without_values.into(),
        }
    }

    /// The same text says it to both.
    fn plain(text: String) -> Self {
        Self::new(text.clone(), text)
    }
}

impl de::Error for Unfit {
    /// What a type of the user's own says may well repeat the value.
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::new(message.to_string(), "not what its type takes")
    }

    fn invalid_type(unexpected: Unexpected<'_>, expected: &dyn Expected) -> Self {
        let in_full = format!("invalid type: {unexpected}, expected {expected}");
        Self::new(in_full, format!("expected {expected}"))
    }

    fn invalid_value(unexpected: Unexpected<'_>, expected: &dyn Expected) -> Self {
        let in_full = format!("invalid value: {unexpected}, expected {expected}");
        Self::new(in_full, format!("expected {expected}"))
    }

    fn invalid_length(length: usize, expected: &dyn Expected) -> Self {
        Self::plain(format!("invalid length {length}, expected {expected}"))
    }

    fn unknown_variant(variant: &str, expected: &'static [&'static str]) -> Self {
        let expected = one_of(expected);
        let in_full = format!("unknown variant `{variant}`, expected {expected}");
        Self::new(in_full, format!("expected {expected}"))
    }

    fn unknown_field(field: &str, expected: &'static [&'static str]) -> Self {
        let expected = one_of(expected);
        let in_full = format!("unknown field `{field}`, expected {expected}");
        Self::new(in_full, format!("unknown field, expected {expected}"))
    }

    fn missing_field(field: &'static str) -> Self {
        Self::plain(format!("missing field `{field}`"))
    }

    fn duplicate_field(field: &'static str) -> Self {
        Self::plain(format!("duplicate field `{field}`"))
    }
}

fn one_of(names: &[&str]) -> String {
    let names: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    match &names[..] {
        [] => "nothing".to_owned(),
        [name] => name.clone(),
        names => format!("one of {}", names.join(", ")),
    }
}

impl fmt::Display for Unfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.in_full)
    }
}

impl std::error::Error for Unfit {}
