//! Values out of connect parameters, which are all text: where a type wants a number or a boolean, the
//! text is read as one.

use super::{
    number::{Integer, Scalar, float},
    unfit::Unfit,
};
use serde::{
    de::{
        Deserializer, Error, IntoDeserializer, Unexpected, Visitor,
        value::{MapAccessDeserializer, MapDeserializer, SeqDeserializer},
    },
    forward_to_deserialize_any,
};
use serde_json::{Map, Value};

/// A parameter, or all of them.
#[derive(Clone, Copy)]
pub(super) struct Query<'p> {
    node: Node<'p>,
    guess: Guess,
}

#[derive(Clone, Copy)]
enum Node<'p> {
    Text(&'p str),
    List(&'p [Value]),
    Map(&'p Map<String, Value>),
    Nothing,
}

/// What a text is where the type does not say what it wants: behind `#[serde(flatten)]` and in some enums.
#[derive(Clone, Copy)]
pub(super) enum Guess {
    Text,
    /// A number or a boolean, if it reads like one.
    Scalar,
}

impl<'p> Query<'p> {
    pub(super) fn new(value: &'p Value, guess: Guess) -> Self {
        let node = match value {
            Value::String(text) => Node::Text(text),
            Value::Array(list) => Node::List(list),
            Value::Object(map) => Node::Map(map),
            // There are none in a query string.
            Value::Null | Value::Bool(_) | Value::Number(_) => Node::Nothing,
        };
        Self { node, guess }
    }

    fn map(self, map: &'p Map<String, Value>) -> MapDeserializer<'p, Entries<'p>, Unfit> {
        let guess = self.guess;
        let entry = move |(key, value): (&'p String, &'p Value)| {
            let key = Query {
                node: Node::Text(key),
                guess,
            };
            (key, Query::new(value, guess))
        };
        MapDeserializer::new(Box::new(map.iter().map(entry)))
    }

    fn integer<V: Visitor<'p>>(self, visitor: V) -> Result<V::Value, Unfit> {
        match self.node {
            Node::Text(text) => match Integer::read(text) {
                Some(integer) => integer.visit(visitor),
                None => Err(Unfit::invalid_type(Unexpected::Str(text), &visitor)),
            },
            _ => self.deserialize_any(visitor),
        }
    }
}

type Entries<'p> = Box<dyn Iterator<Item = (Query<'p>, Query<'p>)> + 'p>;

impl<'p> IntoDeserializer<'p, Unfit> for Query<'p> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

macro_rules! integers {
    ($($method:ident)*) => {
        $(
            fn $method<V: Visitor<'p>>(self, visitor: V) -> Result<V::Value, Unfit> {
                self.integer(visitor)
            }
        )*
    };
}

impl<'p> Deserializer<'p> for Query<'p> {
    type Error = Unfit;

    fn deserialize_any<V: Visitor<'p>>(self, visitor: V) -> Result<V::Value, Unfit> {
        match (self.node, self.guess) {
            (Node::Text(text), Guess::Scalar) => match Scalar::read(text) {
                Some(Scalar::Integer(integer)) => integer.visit(visitor),
                Some(Scalar::Float(float)) => visitor.visit_f64(float),
                Some(Scalar::Bool(boolean)) => visitor.visit_bool(boolean),
                None => visitor.visit_borrowed_str(text),
            },
            (Node::Text(text), Guess::Text) => visitor.visit_borrowed_str(text),
            (Node::Map(map), _) => visitor.visit_map(self.map(map)),
            (Node::List(list), guess) => {
                let elements = list.iter().map(|value| Query::new(value, guess));
                visitor.visit_seq(SeqDeserializer::new(elements))
            }
            (Node::Nothing, _) => visitor.visit_unit(),
        }
    }

    integers! {
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_i128
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128
    }

    fn deserialize_f32<V: Visitor<'p>>(self, visitor: V) -> Result<V::Value, Unfit> {
        match self.node {
            Node::Text(text) => match float::<f32>(text).filter(|float| float.is_finite()) {
                Some(float) => visitor.visit_f32(float),
                None => Err(Unfit::invalid_type(Unexpected::Str(text), &visitor)),
            },
            _ => self.deserialize_any(visitor),
        }
    }

    fn deserialize_f64<V: Visitor<'p>>(self, visitor: V) -> Result<V::Value, Unfit> {
        match self.node {
            Node::Text(text) => match float::<f64>(text).filter(|float| float.is_finite()) {
                Some(float) => visitor.visit_f64(float),
                None => Err(Unfit::invalid_type(Unexpected::Str(text), &visitor)),
            },
            _ => self.deserialize_any(visitor),
        }
    }

    fn deserialize_bool<V: Visitor<'p>>(self, visitor: V) -> Result<V::Value, Unfit> {
        match self.node {
            Node::Text("true" | "1") => visitor.visit_bool(true),
            Node::Text("false" | "0") => visitor.visit_bool(false),
            Node::Text(text) => Err(Unfit::invalid_type(Unexpected::Str(text), &visitor)),
            _ => self.deserialize_any(visitor),
        }
    }

    /// A type that wants text gets it, whatever it reads like.
    fn deserialize_str<V: Visitor<'p>>(self, visitor: V) -> Result<V::Value, Unfit> {
        let guess = Guess::Text;
        Self { guess, ..self }.deserialize_any(visitor)
    }

    fn deserialize_string<V: Visitor<'p>>(self, visitor: V) -> Result<V::Value, Unfit> {
        self.deserialize_str(visitor)
    }

    fn deserialize_char<V: Visitor<'p>>(self, visitor: V) -> Result<V::Value, Unfit> {
        self.deserialize_str(visitor)
    }

    fn deserialize_identifier<V: Visitor<'p>>(self, visitor: V) -> Result<V::Value, Unfit> {
        self.deserialize_str(visitor)
    }

    /// A parameter that is there is something, be it an empty text.
    fn deserialize_option<V: Visitor<'p>>(self, visitor: V) -> Result<V::Value, Unfit> {
        match self.node {
            Node::Nothing => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    /// `?flag`
    fn deserialize_unit<V: Visitor<'p>>(self, visitor: V) -> Result<V::Value, Unfit> {
        match self.node {
            Node::Text("") => visitor.visit_unit(),
            _ => self.deserialize_any(visitor),
        }
    }

    fn deserialize_unit_struct<V: Visitor<'p>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Unfit> {
        self.deserialize_unit(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'p>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Unfit> {
        visitor.visit_newtype_struct(self)
    }

    /// `kind=Robot`, or `kind[Robot]=..` for a variant that holds something.
    fn deserialize_enum<V: Visitor<'p>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unfit> {
        match self.node {
            Node::Text(text) => visitor.visit_enum(text.into_deserializer()),
            Node::Map(map) => visitor.visit_enum(MapAccessDeserializer::new(self.map(map))),
            Node::List(_) | Node::Nothing => self.deserialize_any(visitor),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'p>>(self, visitor: V) -> Result<V::Value, Unfit> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        <V: Visitor<'p>>
        bytes byte_buf seq tuple tuple_struct map struct
    }
}
