//! Which declared patterns match a topic.
//!
//! The macro numbers the patterns of a block from the most to the least specific and deals them
//! into layers, so that no two patterns of a layer match a common topic. A lookup in each layer
//! then finds every pattern that matches, and sorting the numbers puts the most specific first.
//! It happens once for each join: the joined topic keeps the result.

use matchit::Router as Layer;
use std::sync::OnceLock;

/// One declared topic pattern. Written by `#[channel]`; its position is its number.
#[derive(Debug)]
pub struct Pattern {
    /// The layer that it is matched in.
    pub layer: usize,
    /// Whether some `#[join]` names it.
    pub join: bool,
    /// Its routes in matchit's syntax, for what `path` makes of a topic.
    pub paths: &'static [&'static str],
}

/// The patterns of one `#[channel]` block.
#[derive(Debug)]
pub struct Router {
    patterns: &'static [Pattern],
    layers: OnceLock<Vec<Layer<u16>>>,
}

impl Router {
    /// A router over these patterns, built when first used.
    pub const fn new(patterns: &'static [Pattern]) -> Self {
        Self {
            patterns,
            layers: OnceLock::new(),
        }
    }

    /// The patterns that match this topic.
    pub fn routes(&self, topic: &str) -> Routes {
        let path = path(topic);
        let layers = self.layers.get_or_init(|| build(self.patterns));
        let mut matching: Vec<u16> = layers
            .iter()
            .filter_map(|layer| layer.at(&path).ok().map(|found| *found.value))
            .collect();
        matching.sort_unstable();
        let joinable = |&pattern: &u16| self.patterns[usize::from(pattern)].join;
        if matching.iter().any(joinable) {
            Routes::Matching(matching.into())
        } else {
            Routes::None
        }
    }
}

/// # Panics
///
/// On a pattern that matchit does not take. The macro has tried every one, so this says that macro
/// and runtime are of different versions.
fn build(patterns: &[Pattern]) -> Vec<Layer<u16>> {
    let count = patterns.iter().map(|pattern| pattern.layer + 1).max();
    let mut layers: Vec<_> = (0..count.unwrap_or(0)).map(|_| Layer::new()).collect();
    for (number, pattern) in (0..).zip(patterns) {
        for path in pattern.paths {
            if let Err(error) = layers[pattern.layer].insert(*path, number) {
                panic!("`{path}` was checked when `#[channel]` was expanded, yet: {error}");
            }
        }
    }
    layers
}

/// The topic in matchit's terms. Swapping `:` and `/` makes `:` the separator and still tells every
/// two topics apart; the `/` at the end gives a wildcard something to match where the rest is empty.
fn path(topic: &str) -> String {
    let swap = |character| match character {
        ':' => '/',
        '/' => ':',
        other => other,
    };
    topic.chars().map(swap).chain(['/']).collect()
}

/// What a handler knows of a topic before it is joined.
#[derive(Clone, Debug)]
pub enum Routes {
    /// Nothing: the handler decides in `join_channel`.
    Undeclared,
    /// No `#[join]` leads there.
    None,
    /// The numbers of the matching patterns, most specific first.
    Matching(Box<[u16]>),
}

impl Routes {
    pub(crate) fn matching(&self) -> &[u16] {
        match self {
            Self::Undeclared | Self::None => &[],
            Self::Matching(patterns) => patterns,
        }
    }
}

/// The segment of a topic at this position.
pub(crate) fn segment(topic: &str, position: usize) -> Option<&str> {
    topic.split(':').nth(position)
}

/// What follows from this segment on, with its colons.
pub(crate) fn rest(topic: &str, position: usize) -> Option<&str> {
    topic.splitn(position + 1, ':').nth(position)
}
