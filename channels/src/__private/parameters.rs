//! What a `#[connect]` method can decode its parameters into.

use std::{borrow::Cow, marker::PhantomData, sync::Arc};

/// Asks what connect parameters are to become: `Parameters::<T>::new().role()`. They are several, each with a
/// name, so that a text or a number is nothing that they could be. A method of the type itself, which such
/// types have, comes before one of a trait.
#[derive(Debug)]
pub struct Parameters<T>(PhantomData<fn() -> T>);

impl<T> Parameters<T> {
    /// The question.
    #[expect(clippy::new_without_default, reason = "it is written by a macro")]
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

/// The answer for a `T`.
#[derive(Debug)]
pub struct Decodes<T, Role>(PhantomData<fn() -> (T, Role)>);

/// It may have a field for each parameter.
#[derive(Debug)]
pub enum Fields {}

/// It is one value.
#[derive(Debug)]
pub enum OneValue {}

/// All types that are not known to be one value.
pub trait ViaFields<T> {
    /// It may have fields.
    fn role(&self) -> Decodes<T, Fields> {
        Decodes(PhantomData)
    }
}

impl<T> ViaFields<T> for Parameters<T> {}

macro_rules! one_value {
    ($([$($generic:tt)*] $ty:ty;)*) => {
        $(
            impl<$($generic)*> Parameters<$ty> {
                /// It is one value.
                pub fn role(&self) -> Decodes<$ty, OneValue> {
                    Decodes(PhantomData)
                }
            }
        )*
    };
}

one_value! {
    [] String; [] Box<str>; [] Arc<str>; ['a] Cow<'a, str>; [] char; [] bool; [] ();
    [] u8; [] u16; [] u32; [] u64; [] u128; [] usize;
    [] i8; [] i16; [] i32; [] i64; [] i128; [] isize; [] f32; [] f64;
    [T] Vec<T>; [T, const N: usize] [T; N];
    [A] (A,); [A, B] (A, B); [A, B, C] (A, B, C); [A, B, C, D] (A, B, C, D);
}

/// Whether a type of this role, `T`, can take them.
#[diagnostic::on_unimplemented(
    message = "`{T}` cannot be the payload of a `#[connect]` method: there are several connect parameters, each with a name",
    label = "no client could connect",
    note = "take a type that has a field for each: `#[derive(serde::Deserialize)] struct Login {{ token: String, user: u64 }}`"
)]
pub trait TakesParameters<T> {}

#[diagnostic::do_not_recommend]
impl<T> TakesParameters<T> for Fields {}

impl<T, Role> Decodes<T, Role> {
    /// Checks that it can.
    pub fn check(self)
    where
        Role: TakesParameters<T>,
    {
    }
}
