use serde_json::{Map, Value};

/// Deeper brackets than this stay part of the key.
const MAX_DEPTH: usize = 16;

/// The parameters in a query string, as Phoenix reads it (HS-7): `a[b]=c` nests, `l[]=1` makes a
/// list, a key without `=` is the empty text, and the last of repeated keys wins.
pub(crate) fn parse(query: &str) -> Map<String, Value> {
    let mut params = Map::new();
    for (key, value) in form_urlencoded::parse(query.as_bytes()) {
        let (name, path) = split(&key);
        insert(&mut params, name, &path, value.into_owned());
    }
    params
}

/// `a[b][]` is `a` and the path of `b` and nothing.
fn split(key: &str) -> (&str, Vec<&str>) {
    let whole = (key, Vec::new());
    let Some((name, brackets)) = key.split_once('[') else {
        return whole;
    };
    let Some(inner) = brackets.strip_suffix(']') else {
        return whole;
    };
    let path: Vec<_> = inner.split("][").collect();
    if name.is_empty() || path.len() > MAX_DEPTH {
        return whole;
    }
    (name, path)
}

fn insert(params: &mut Map<String, Value>, name: &str, path: &[&str], value: String) {
    let slot = params.entry(name).or_insert(Value::Null);
    fill(slot, path, value);
}

fn fill(slot: &mut Value, path: &[&str], value: String) {
    match path {
        [] => *slot = Value::String(value),
        ["", rest @ ..] => {
            let mut element = Value::Null;
            fill(&mut element, rest, value);
            match slot {
                Value::Array(list) => list.push(element),
                other => *other = Value::Array(vec![element]),
            }
        }
        [name, rest @ ..] => {
            if !slot.is_object() {
                *slot = Value::Object(Map::new());
            }
            if let Value::Object(map) = slot {
                insert(map, name, rest, value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::parse;
    use serde_json::{Value, json};

    #[test]
    fn hs_7_query_strings() {
        for (query, params) in [
            ("", json!({})),
            ("a=1&b=2", json!({"a": "1", "b": "2"})),
            ("a=1&&", json!({"a": "1"})),
            ("a=x+y%21", json!({"a": "x y!"})),
            ("flag", json!({"flag": ""})),
            ("a=1&a=2", json!({"a": "2"})),
            (
                "u[name]=Ann&u[age]=5",
                json!({"u": {"name": "Ann", "age": "5"}}),
            ),
            ("l[]=1&l[]=2", json!({"l": ["1", "2"]})),
            (
                "a[b][c]=1&a[b][d][]=2",
                json!({"a": {"b": {"c": "1", "d": ["2"]}}}),
            ),
            ("a=1&a[b]=2", json!({"a": {"b": "2"}})),
            ("a[b=1", json!({"a[b": "1"})),
        ] {
            assert_eq!(Value::Object(parse(query)), params, "{query}");
        }
    }
}
