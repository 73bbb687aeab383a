//! The grammar of topic patterns, and how a set of them is matched at run time.

use std::cmp::{Ordering, Reverse};

/// A topic pattern such as `rooms:{room}`.
pub(crate) struct Pattern {
    segments: Vec<Segment>,
}

enum Segment {
    Literal(String),
    /// `{name}`: one segment that is not empty.
    Capture(String),
    /// `food*`, only at the end: a segment that begins so, and whatever follows.
    Prefix(String),
    /// `*` or `{*name}`, only at the end: whatever follows, be it nothing.
    Rest(Option<String>),
}

/// What a segment matches, whatever its name. The order is from the most to the least specific. Of
/// two prefixes that match a common text, the longer one comes later in the alphabet, hence
/// `Reverse`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Shape {
    Literal(String),
    Capture,
    Prefix(Reverse<String>),
    Rest,
}

/// A part of the topic that goes to an argument.
pub(crate) struct Capture<'a> {
    pub(crate) name: &'a str,
    pub(crate) segment: usize,
    /// Whether it takes all segments from there on.
    pub(crate) rest: bool,
}

impl Pattern {
    /// Reads a pattern. The error is a sentence about its first mistake.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        if text.is_empty() {
            return Err("a topic pattern cannot be empty; write `*` for every topic".to_owned());
        }
        if text == "phoenix" {
            return Err("the topic `phoenix` belongs to the protocol".to_owned());
        }
        let mut segments = Vec::new();
        let mut texts = text.split(':').peekable();
        while let Some(segment) = texts.next() {
            segments.push(Segment::parse(text, segment, texts.peek().is_none())?);
        }
        let pattern = Self { segments };
        match pattern.repeated_name() {
            Some(name) => Err(format!("topic pattern `{text}` captures `{name}` twice")),
            None => Ok(pattern),
        }
    }

    /// What the pattern matches. Patterns that differ only in the names of captures have the same
    /// shape; of two that match a common topic, the lesser is the more specific.
    pub(crate) fn shape(&self) -> Vec<Shape> {
        self.segments.iter().map(Segment::shape).collect()
    }

    pub(crate) fn captures(&self) -> impl Iterator<Item = Capture<'_>> {
        self.segments
            .iter()
            .enumerate()
            .filter_map(|(segment, kind)| {
                Some(Capture {
                    name: kind.name()?,
                    segment,
                    rest: matches!(kind, Segment::Rest(_)),
                })
            })
    }

    /// The routes that make up the pattern in matchit's syntax, for a topic whose `:` and `/` are
    /// swapped and to which a `/` is added: so a rest is never empty, which matchit wants.
    pub(crate) fn paths(&self) -> Vec<String> {
        let mut path = String::new();
        for segment in &self.segments {
            match segment {
                Segment::Literal(text) => path.push_str(&swap(text)),
                Segment::Capture(name) => path = format!("{path}{{{name}}}"),
                Segment::Rest(name) => {
                    let name = name.as_deref().unwrap_or("rest");
                    return vec![format!("{path}{{*{name}}}")];
                }
                Segment::Prefix(text) => {
                    let begin = path + &swap(text);
                    return ["/", "/{*rest}", "{x}/", "{x}/{*rest}"]
                        .map(|end| format!("{begin}{end}"))
                        .into();
                }
            }
            path.push('/');
        }
        vec![path]
    }

    fn repeated_name(&self) -> Option<&str> {
        let names: Vec<_> = self.captures().map(|capture| capture.name).collect();
        let repeated = |&(index, name): &(usize, &&str)| names[..index].contains(name);
        names
            .iter()
            .enumerate()
            .find(repeated)
            .map(|(_, &name)| name)
    }
}

impl Segment {
    fn parse(pattern: &str, text: &str, last: bool) -> Result<Self, String> {
        let mistake = |what: &str| Err(format!("topic pattern `{pattern}` {what}"));
        if text.is_empty() {
            return mistake("has an empty segment; write `*` at the end for any rest");
        }
        if let Some(name) = braced(text) {
            let (name, rest) = match name.strip_prefix('*') {
                Some(name) => (name, true),
                None => (name, false),
            };
            if !is_identifier(name) {
                return mistake(&format!(
                    "has the capture `{text}`, whose name is no identifier"
                ));
            }
            return match (rest, last) {
                (false, _) => Ok(Self::Capture(name.to_owned())),
                (true, true) => Ok(Self::Rest(Some(name.to_owned()))),
                (true, false) => mistake(&format!(
                    "has text after `{text}`; a wildcard must be at the end"
                )),
            };
        }
        if text.contains(['{', '}']) {
            let surplus = |text: &str| text.matches('{').count().cmp(&text.matches('}').count());
            return match (surplus(text), surplus(pattern)) {
                (Ordering::Greater, Ordering::Equal) => {
                    mistake("has a `:` within braces; a capture has the type of its argument")
                }
                (Ordering::Greater, _) => mistake(&format!("has an unclosed brace in `{text}`")),
                (Ordering::Less, _) => mistake(&format!("has a stray `}}` in `{text}`")),
                (Ordering::Equal, _) => mistake(&format!(
                    "has the segment `{text}`; a capture is a whole segment, like `{{name}}`"
                )),
            };
        }
        match text.split_once('*') {
            None => Ok(Self::Literal(text.to_owned())),
            Some(("", "")) if last => Ok(Self::Rest(None)),
            Some((prefix, "")) if last => Ok(Self::Prefix(prefix.to_owned())),
            Some(_) => mistake("has text after `*`; a wildcard must be the last character"),
        }
    }

    fn name(&self) -> Option<&str> {
        match self {
            Self::Capture(name) | Self::Rest(Some(name)) => Some(name),
            Self::Literal(_) | Self::Prefix(_) | Self::Rest(None) => None,
        }
    }

    fn shape(&self) -> Shape {
        match self {
            Self::Literal(text) => Shape::Literal(text.clone()),
            Self::Capture(_) => Shape::Capture,
            Self::Prefix(text) => Shape::Prefix(Reverse(text.clone())),
            Self::Rest(_) => Shape::Rest,
        }
    }
}

/// Whether some topic matches both patterns.
pub(crate) fn overlap(left: &[Shape], right: &[Shape]) -> bool {
    for pair in left.iter().zip(right) {
        match pair {
            (Shape::Literal(left), Shape::Literal(right)) if left != right => return false,
            (Shape::Literal(_) | Shape::Capture, Shape::Literal(_) | Shape::Capture) => {}
            // From a wildcard on, only how its segment begins can tell the two apart.
            (Shape::Prefix(prefix), Shape::Literal(text))
            | (Shape::Literal(text), Shape::Prefix(prefix)) => return text.starts_with(&prefix.0),
            (Shape::Prefix(left), Shape::Prefix(right)) => {
                return left.0.starts_with(&right.0) || right.0.starts_with(&left.0);
            }
            (Shape::Prefix(_) | Shape::Rest, _) | (_, Shape::Prefix(_) | Shape::Rest) => {
                return true;
            }
        }
    }
    left.len() == right.len()
}

/// Whether every topic that matches `narrow` matches `broad` as well.
pub(crate) fn covers(broad: &[Shape], narrow: &[Shape]) -> bool {
    for (index, broad) in broad.iter().enumerate() {
        match (broad, narrow.get(index)) {
            (Shape::Rest, Some(_)) => return true,
            (Shape::Prefix(prefix), Some(Shape::Literal(text))) => {
                return text.starts_with(&prefix.0);
            }
            (Shape::Prefix(prefix), Some(Shape::Prefix(longer))) => {
                return longer.0.starts_with(&prefix.0);
            }
            (Shape::Literal(broad), Some(Shape::Literal(narrow))) if broad == narrow => {}
            (Shape::Capture, Some(Shape::Literal(_) | Shape::Capture)) => {}
            _ => return false,
        }
    }
    broad.len() == narrow.len()
}

/// How far a topic is from a pattern that does not match it: spelling mistakes in literals, and a
/// word for each segment too many or too few.
pub(crate) fn distance(left: &[Shape], right: &[Shape]) -> usize {
    const WORD: usize = 4;
    let mut sum = 0;
    for pair in left.iter().zip(right) {
        sum += match pair {
            (Shape::Rest, _) | (_, Shape::Rest) => return sum,
            (Shape::Literal(left), Shape::Literal(right)) => spelling(left, right),
            (Shape::Prefix(left), Shape::Prefix(right)) => {
                return sum + spelling(&left.0, &right.0);
            }
            (Shape::Prefix(prefix), Shape::Literal(text))
            | (Shape::Literal(text), Shape::Prefix(prefix)) => {
                let begin: String = text.chars().take(prefix.0.chars().count()).collect();
                return sum + spelling(&begin, &prefix.0);
            }
            (Shape::Capture, _) | (_, Shape::Capture) => 0,
        };
    }
    sum + WORD * left.len().abs_diff(right.len())
}

/// The number of letters to add, remove or change (Levenshtein).
pub(crate) fn spelling(left: &str, right: &str) -> usize {
    let right: Vec<_> = right.chars().collect();
    let mut costs: Vec<_> = (0..=right.len()).collect();
    for (row, letter) in left.chars().enumerate() {
        let mut diagonal = row;
        costs[0] = row + 1;
        for (column, other) in right.iter().enumerate() {
            let change = diagonal + usize::from(letter != *other);
            diagonal = costs[column + 1];
            costs[column + 1] = change.min(diagonal + 1).min(costs[column] + 1);
        }
    }
    costs[right.len()]
}

/// The layer of each pattern: the first in which no earlier pattern matches a topic that it matches
/// too. A lookup in one layer then has at most one answer, and one lookup in each finds them all.
///
/// matchit refuses some sets that are not ambiguous, such as `a:b:c*` with `a:{x}:d`, so a layer has
/// to pass its judgement as well. What it refuses even alone has no layer: the error tells which.
pub(crate) fn layers(patterns: &[&Pattern]) -> Result<Vec<usize>, usize> {
    let mut layers: Vec<Layer> = Vec::new();
    let place = |(index, pattern): (usize, &&Pattern)| {
        if let Some(layer) = layers.iter_mut().position(|layer| layer.take(pattern)) {
            return Ok(layer);
        }
        let mut layer = Layer::default();
        if !layer.take(pattern) {
            return Err(index);
        }
        layers.push(layer);
        Ok(layers.len() - 1)
    };
    patterns.iter().enumerate().map(place).collect()
}

#[derive(Default)]
struct Layer {
    shapes: Vec<Vec<Shape>>,
    router: matchit::Router<()>,
}

impl Layer {
    /// Takes the pattern in if it can be told from all others here.
    fn take(&mut self, pattern: &Pattern) -> bool {
        let shape = pattern.shape();
        if self.shapes.iter().any(|other| overlap(other, &shape)) {
            return false;
        }
        let mut router = self.router.clone();
        let taken = pattern
            .paths()
            .into_iter()
            .all(|path| router.insert(path, ()).is_ok());
        if taken {
            self.router = router;
            self.shapes.push(shape);
        }
        taken
    }
}

fn braced(text: &str) -> Option<&str> {
    let inner = text.strip_prefix('{')?.strip_suffix('}')?;
    (!inner.contains(['{', '}'])).then_some(inner)
}

/// The name is checked by hand because the lexer of rustc reports what it cannot read by itself.
fn is_identifier(name: &str) -> bool {
    let begins = |first: char| first == '_' || first.is_alphabetic();
    let continues = |next: char| next == '_' || next.is_alphanumeric();
    name != "_" && name.starts_with(begins) && name.chars().all(continues)
}

fn swap(text: &str) -> String {
    // A `:` in literal text would have ended the segment.
    text.replace('/', ":")
}

#[cfg(test)]
mod tests;
