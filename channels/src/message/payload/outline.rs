use serde::{
    Serialize, Serializer,
    ser::{self, Impossible},
};
use std::fmt;

/// What a value is on the outside, in serde's terms. JSON alone cannot tell: it has no bytes, and
/// writes `None` and `()` alike.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Outline {
    /// `None`.
    Absent,
    /// `()` or a unit struct.
    Unit,
    Bytes(Vec<u8>),
    /// Anything else.
    Json,
}

impl Outline {
    pub(crate) fn of<T: Serialize + ?Sized>(value: &T) -> Self {
        // An error says that the value is of several parts, none of which has been looked at.
        value.serialize(Outliner).unwrap_or(Self::Json)
    }
}

struct Outliner;

/// The value is of several parts.
#[derive(Debug, thiserror::Error)]
#[error("not just one thing")]
struct Parts;

impl ser::Error for Parts {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
}

type Compound = Impossible<Outline, Parts>;

macro_rules! json {
    ($($method:ident($type:ty))*) => {
        $(
            fn $method(self, _: $type) -> Result<Outline, Parts> {
                Ok(Outline::Json)
            }
        )*
    };
}

impl Serializer for Outliner {
    type Ok = Outline;
    type Error = Parts;
    type SerializeSeq = Compound;
    type SerializeTuple = Compound;
    type SerializeTupleStruct = Compound;
    type SerializeTupleVariant = Compound;
    type SerializeMap = Compound;
    type SerializeStruct = Compound;
    type SerializeStructVariant = Compound;

    json! {
        serialize_bool(bool)
        serialize_i8(i8) serialize_i16(i16) serialize_i32(i32) serialize_i64(i64) serialize_i128(i128)
        serialize_u8(u8) serialize_u16(u16) serialize_u32(u32) serialize_u64(u64) serialize_u128(u128)
        serialize_f32(f32) serialize_f64(f64)
        serialize_char(char) serialize_str(&str)
    }

    fn serialize_bytes(self, bytes: &[u8]) -> Result<Outline, Parts> {
        Ok(Outline::Bytes(bytes.to_owned()))
    }

    fn serialize_none(self) -> Result<Outline, Parts> {
        Ok(Outline::Absent)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Outline, Parts> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<Outline, Parts> {
        Ok(Outline::Unit)
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<Outline, Parts> {
        Ok(Outline::Unit)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<Outline, Parts> {
        value.serialize(self)
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
    ) -> Result<Outline, Parts> {
        Ok(Outline::Json)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<Outline, Parts> {
        Ok(Outline::Json)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Compound, Parts> {
        Err(Parts)
    }

    fn serialize_tuple(self, _: usize) -> Result<Compound, Parts> {
        Err(Parts)
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Compound, Parts> {
        Err(Parts)
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Compound, Parts> {
        Err(Parts)
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Compound, Parts> {
        Err(Parts)
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Compound, Parts> {
        Err(Parts)
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Compound, Parts> {
        Err(Parts)
    }
}
