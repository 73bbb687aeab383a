//! Numbers in text.

use super::unfit::Unfit;
use serde::de::Visitor;
use std::str::FromStr;

/// What a text reads like.
pub(super) enum Scalar {
    Integer(Integer),
    Float(f64),
    Bool(bool),
}

impl Scalar {
    /// `1` is a number here, since nobody has said that it is to be a boolean.
    pub(super) fn read(text: &str) -> Option<Self> {
        match text {
            "true" => return Some(Self::Bool(true)),
            "false" => return Some(Self::Bool(false)),
            _ => {}
        }
        let integer = Integer::read(text).map(Self::Integer);
        integer.or_else(|| {
            let float = float::<f64>(text).filter(|float| float.is_finite());
            float.map(Self::Float)
        })
    }
}

/// An integer, in the smallest of these types that holds it.
pub(super) enum Integer {
    Unsigned(u64),
    Signed(i64),
    LongUnsigned(u128),
    LongSigned(i128),
}

impl Integer {
    /// Digits, and a minus before them. What Rust reads besides is not what a query says by chance.
    pub(super) fn read(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('-').unwrap_or(text);
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let unsigned = text.parse().map(Self::Unsigned);
        let signed = unsigned.or_else(|_| text.parse().map(Self::Signed));
        let long = signed.or_else(|_| text.parse().map(Self::LongUnsigned));
        long.or_else(|_| text.parse().map(Self::LongSigned)).ok()
    }

    /// Whether it fits the type that is wanted, the visitor says.
    pub(super) fn visit<'p, V: Visitor<'p>>(self, visitor: V) -> Result<V::Value, Unfit> {
        match self {
            Self::Unsigned(integer) => visitor.visit_u64(integer),
            Self::Signed(integer) => visitor.visit_i64(integer),
            Self::LongUnsigned(integer) => visitor.visit_u128(integer),
            Self::LongSigned(integer) => visitor.visit_i128(integer),
        }
    }
}

/// A number as JSON writes it: not `NaN` or `inf`, which Rust would read, too. A large exponent may still
/// make it infinite.
pub(super) fn float<F: FromStr>(text: &str) -> Option<F> {
    let is_digit = |byte: u8| byte.is_ascii_digit() || b"+-.eE".contains(&byte);
    let begins = text.starts_with(|first: char| first == '-' || first.is_ascii_digit());
    (begins && text.bytes().all(is_digit))
        .then(|| text.parse().ok())
        .flatten()
}
