//! Placeholders: in what is sent, and in what is expected.

use serde_json::{Map, Value, json};
use std::collections::HashMap;

/// What the placeholders of one scenario stand for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Names(HashMap<String, Value>);

impl Names {
    pub(crate) fn new(uid: &str) -> Self {
        Self(HashMap::from([("uid".to_owned(), json!(uid))]))
    }

    pub(crate) fn get(&self, name: &str) -> &Value {
        self.0.get(name).unwrap_or(&Value::Null)
    }

    /// A text with every `${name}` replaced.
    pub(crate) fn text(&self, text: &str) -> String {
        let mut parts = text.split("${");
        let mut result = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let (name, rest) = part.split_once('}').unwrap_or((part, ""));
            match self.get(name) {
                Value::String(value) => result.push_str(value),
                value => result.push_str(&value.to_string()),
            }
            result.push_str(rest);
        }
        result
    }

    /// A value with the same done to its texts, and every `$each` in a list written out.
    pub(crate) fn expand(&self, value: &Value) -> Value {
        match value {
            Value::String(text) => json!(self.text(text)),
            Value::Array(list) => list.iter().flat_map(|value| self.each(value)).collect(),
            Value::Object(members) => {
                let members = members.iter();
                let expanded = members.map(|(key, value)| (self.text(key), self.expand(value)));
                Value::Object(expanded.collect::<Map<_, _>>())
            }
            other => other.clone(),
        }
    }

    /// `{"$each": {"i": [1, 3]}, "frame": F}` is F three times, any other value once.
    pub(crate) fn each(&self, value: &Value) -> Vec<Value> {
        let Some(Value::Object(each)) = value.get("$each") else {
            return vec![self.expand(value)];
        };
        let (name, range) = each.iter().next().unwrap();
        let (first, last) = (range[0].as_i64().unwrap(), range[1].as_i64().unwrap());
        let numbers = first..=last;
        numbers
            .map(|number| {
                let mut names = self.clone();
                names.0.insert(name.clone(), json!(number));
                names.expand(&value["frame"])
            })
            .collect()
    }

    /// Whether a value is as expected. Names that are met for the first time are bound.
    pub(crate) fn matches(&mut self, expected: &Value, actual: &Value) -> bool {
        match (expected, actual) {
            (Value::String(pattern), _) if pattern.starts_with('$') => {
                self.matches_placeholder(pattern, actual)
            }
            (Value::Array(expected), Value::Array(actual)) => {
                let mut pairs = expected.iter().zip(actual);
                expected.len() == actual.len() && pairs.all(|(e, a)| self.matches(e, a))
            }
            (Value::Object(expected), _) if expected.keys().any(|key| key.starts_with('$')) => {
                self.matches_operator(expected, actual)
            }
            (Value::Object(expected), Value::Object(actual)) => {
                expected.len() == actual.len()
                    && expected.iter().all(|(key, expected)| {
                        let actual = actual.get(key);
                        actual.is_some_and(|actual| self.matches(expected, actual))
                    })
            }
            _ => expected == actual,
        }
    }

    fn matches_placeholder(&mut self, pattern: &str, actual: &Value) -> bool {
        match pattern {
            "$any" => true,
            "$string" => actual.is_string(),
            "$number" => actual.is_number(),
            "$object" => actual.is_object(),
            _ => match pattern.strip_prefix("$=") {
                Some(name) => {
                    let bound = self.0.entry(name.to_owned());
                    bound.or_insert_with(|| actual.clone()) == actual
                }
                None => actual == pattern,
            },
        }
    }

    fn matches_operator(&mut self, expected: &Map<String, Value>, actual: &Value) -> bool {
        let (operator, operand) = expected.iter().next().unwrap();
        match (&**operator, operand, actual) {
            ("$json", pattern, Value::String(text)) => {
                serde_json::from_str(text).is_ok_and(|value| self.matches(pattern, &value))
            }
            ("$one_of", Value::Array(patterns), actual) => {
                patterns.iter().any(|pattern| self.tries(pattern, actual))
            }
            ("$set", Value::Array(patterns), Value::Array(elements)) => {
                self.matches_unordered(patterns, elements)
            }
            ("$hex", Value::String(expected), _) => {
                actual.get("$hex") == Some(&json!(hex(&bytes(expected))))
            }
            _ => false,
        }
    }

    /// As [`Names::matches`], but what does not match binds nothing.
    fn tries(&mut self, expected: &Value, actual: &Value) -> bool {
        let mut names = self.clone();
        let matches = names.matches(expected, actual);
        if matches {
            *self = names;
        }
        matches
    }

    /// Whether the elements are as expected in some order.
    pub(crate) fn matches_unordered(&mut self, expected: &[Value], actual: &[Value]) -> bool {
        let Some((first, others)) = expected.split_first() else {
            return actual.is_empty();
        };
        (0..actual.len()).any(|position| {
            let mut names = self.clone();
            let mut left = actual.to_vec();
            let fits = names.matches(first, &left.remove(position))
                && names.matches_unordered(others, &left);
            if fits {
                *self = names;
            }
            fits
        })
    }
}

/// `"00 ff"`, or the same without spaces.
pub(crate) fn bytes(hex: &str) -> Vec<u8> {
    let digits: Vec<_> = hex.chars().filter(|digit| !digit.is_whitespace()).collect();
    let pairs = digits.chunks(2).map(|pair| pair.iter().collect::<String>());
    pairs
        .map(|pair| u8::from_str_radix(&pair, 16).unwrap())
        .collect()
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    let bytes: Vec<_> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    bytes.join(" ")
}

#[test]
fn placeholders_match_what_they_say() {
    let mut names = Names::new("7");
    assert_eq!(names.expand(&json!(["a.${uid}", 1])), json!(["a.7", 1]));
    let each = json!([{"$each": {"i": [1, 2]}, "frame": ["n${i}", {"i": "$number"}]}]);
    let twice = json!([["n1", {"i": "$number"}], ["n2", {"i": "$number"}]]);
    assert_eq!(names.expand(&each), twice);
    for (expected, actual, matches) in [
        (json!({"a": "$any"}), json!({"a": [1]}), true),
        (json!({"a": "$any"}), json!({"a": 1, "b": 2}), false),
        (json!(["$number"]), json!(["1"]), false),
        (json!({"$hex": "00FF"}), json!({"$hex": "00 ff"}), true),
        (
            json!({"$json": {"x": "$string"}}),
            json!("{\"x\": \"y\"}"),
            true,
        ),
        (json!({"$one_of": [1, 2]}), json!(3), false),
        (json!({"$set": [1, "$string"]}), json!(["a", 1]), true),
        (json!({"$set": ["$any", 1]}), json!([1, 2]), true),
        (json!({"$set": [1, 1]}), json!([1, 2]), false),
        (
            json!({"$set": [["$=x", 1], ["$=y", 2], "$=x"]}),
            json!([["a", 2], "b", ["b", 1]]),
            true,
        ),
        (
            json!({"$one_of": [["$=x", 1], ["$=y", 2]]}),
            json!([0, 2]),
            true,
        ),
        (json!(["$=x", "$=x"]), json!([1, 2]), false),
        (json!("1"), json!(1), false),
    ] {
        assert_eq!(
            names.clone().matches(&expected, &actual),
            matches,
            "{expected}"
        );
    }
    assert!(names.matches(&json!("$=token"), &json!("t")));
    assert_eq!(names.text("?token=${token}"), "?token=t");
}
