//! Whether a method takes every capture that the join of its topic takes, as far as types tell.

use super::{
    role::Probe,
    sound::{Mistaken, Sound},
};
use std::{borrow::Cow, convert::Infallible, num::NonZero, str::FromStr, sync::Arc};

/// The type of a capture that a join takes as it is.
#[derive(Debug)]
pub enum Text {}

/// Asks of the types in the method and in the join:
/// `(&&&&Probe::<(u8, Text)>::new()).takes_all()`.
pub trait ViaSameCapture {
    /// It is the same type.
    fn takes_all(&self) -> Sound {
        Sound
    }
}

impl<T> ViaSameCapture for &&&Probe<(T, T)> {}

/// What takes every text.
pub trait ViaAnyText {
    /// It takes whatever the join does.
    fn takes_all(&self) -> Sound {
        Sound
    }
}

impl<T: FromStr<Err = Infallible>, J> ViaAnyText for &&Probe<(T, J)> {}

/// What is known to take less.
pub trait ViaNarrower {
    /// It takes less.
    fn takes_all(&self) -> Mistaken {
        Mistaken
    }
}

impl<T: Narrower<J>, J> ViaNarrower for &Probe<(T, J)> {}

/// Everything else.
pub trait ViaAnyCapture {
    /// Nobody knows.
    fn takes_all(&self) -> Sound {
        Sound
    }
}

impl<T> ViaAnyCapture for Probe<T> {}

/// Some text that parses as `J` does not parse as this type.
pub trait Narrower<J> {}

impl<T: FromStr> Narrower<Text> for T {}
impl<T: FromStr> Narrower<String> for T {}
impl<T: FromStr> Narrower<Box<str>> for T {}
impl<T: FromStr> Narrower<Arc<str>> for T {}
impl<T: FromStr> Narrower<Cow<'_, str>> for T {}

macro_rules! narrower {
    ($($narrow:ty: $($wide:ty)*;)*) => { $($(impl Narrower<$wide> for $narrow {})*)* };
}

narrower! {
    u8: u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize f32 f64 bool char;
    u16: u32 u64 u128 usize i8 i16 i32 i64 i128 isize f32 f64 bool char;
    u32: u64 u128 usize i8 i16 i32 i64 i128 isize f32 f64 bool char;
    u64: u128 i8 i16 i32 i64 i128 isize f32 f64 bool char;
    usize: u128 i8 i16 i32 i64 i128 isize f32 f64 bool char;
    u128: i8 i16 i32 i64 i128 isize f32 f64 bool char;
    i8: u8 u16 u32 u64 u128 usize i16 i32 i64 i128 isize f32 f64 bool char;
    i16: u16 u32 u64 u128 usize i32 i64 i128 isize f32 f64 bool char;
    i32: u32 u64 u128 usize i64 i128 isize f32 f64 bool char;
    i64: u64 u128 usize i128 f32 f64 bool char;
    isize: u64 u128 usize i128 f32 f64 bool char;
    i128: u128 f32 f64 bool char;
    f32: bool char;
    f64: bool char;
    bool: u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize f32 f64 char;
    char: u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize f32 f64 bool;
    NonZero<u8>: u8 u16 u32 u64 u128 usize;
    NonZero<u16>: u16 u32 u64 u128 usize;
    NonZero<u32>: u32 u64 u128 usize;
    NonZero<u64>: u64 u128 usize;
    NonZero<usize>: u64 u128 usize;
}
