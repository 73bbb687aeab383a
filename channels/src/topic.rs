//! Which declared patterns match a topic.
//!
//! The macro numbers the patterns of a block from the most to the least specific and deals them
//! into layers, so that no two patterns of a layer match a common topic. A lookup in each layer
//! then finds every pattern that matches, and sorting the numbers puts the most specific first.
//! It happens once for each join: the joined topic keeps the result.

use matchit::Router as Layer;
use smallvec::SmallVec;
use std::{
    cmp::Reverse,
    sync::{
        OnceLock,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
};

/// One declared topic pattern. Written by `#[channel]`; its position is its number.
#[derive(Debug)]
pub struct Pattern {
    /// The pattern as it is written in the block.
    pub text: &'static str,
    /// What it matches. Of two patterns that match a common topic, the lesser is the more specific.
    pub shape: &'static [Shape],
    /// The layer that it is matched in.
    pub layer: usize,
    /// Whether some `#[join]` names it.
    pub join: bool,
    /// Its routes in matchit's syntax, for what `path` makes of a topic.
    pub paths: &'static [&'static str],
    /// The events that an `#[intercept]` names with it.
    pub intercepts: &'static [&'static str],
}

/// What a segment of a pattern matches, from the most to the least specific.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shape {
    /// This text.
    Literal(&'static str),
    /// Any one segment.
    Capture,
    /// Whatever begins with this text; the longer one comes first.
    Prefix(Reverse<&'static str>),
    /// Whatever is left.
    Rest,
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
    pub fn routes(&'static self, topic: &str) -> Routes {
        let path = path(topic);
        let layers = self.layers.get_or_init(|| build(self.patterns));
        let mut numbers: Numbers = layers
            .iter()
            .filter_map(|layer| layer.at(&path).ok().map(|found| *found.value))
            .collect();
        numbers.sort_unstable();
        let matching = Matching {
            router: self,
            numbers,
        };
        match matching.rank() {
            Some(_) => Routes::Matching(matching),
            None => Routes::None(Some(self)),
        }
    }

    fn leads_to(&'static self, topic: &str) -> bool {
        !matches!(self.routes(topic), Routes::None(_))
    }

    pub(crate) fn patterns(&self) -> &'static [Pattern] {
        self.patterns
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
#[derive(Debug)]
pub enum Routes {
    /// Nothing: the handler decides in `join_channel`.
    Undeclared,
    /// No `#[join]` of the block leads there. The topic of the protocol has no block.
    None(Option<&'static Router>),
    /// A `#[channel]` block has it.
    Matching(Matching),
    /// What each of several handlers knows.
    Several(Several),
}

/// The patterns of a block that match a topic.
#[derive(Debug)]
pub struct Matching {
    pub(crate) router: &'static Router,
    /// The most specific first.
    numbers: Numbers,
}

/// Of patterns. Topics match one or two as a rule, and each event of a joined topic looks at them.
type Numbers = SmallVec<[u16; 4]>;

/// The routes of handlers that share a socket.
#[derive(Debug)]
pub struct Several {
    routes: Box<[Routes]>,
    /// The handler that has the topic, or is asked whether it takes it.
    taker: AtomicUsize,
}

impl Routes {
    pub(crate) fn matching(&self) -> &[u16] {
        match self {
            Self::Undeclared | Self::None(_) | Self::Several(_) => &[],
            Self::Matching(matching) => &matching.numbers,
        }
    }

    /// The events that are intercepted on the topic.
    pub(crate) fn intercepted(&self) -> impl Iterator<Item = &'static str> {
        let matching = match self {
            Self::Matching(matching) => Some(matching),
            Self::Undeclared | Self::None(_) | Self::Several(_) => None,
        };
        let patterns = matching.into_iter().flat_map(Matching::patterns);
        patterns.flat_map(|pattern| pattern.intercepts).copied()
    }

    /// What several handlers know, of which one at least may take the topic.
    pub(crate) fn several(mut routes: Vec<Self>) -> Self {
        let lead_nowhere = routes.iter().all(|routes| matches!(routes, Self::None(_)));
        if lead_nowhere && let Some(nowhere) = routes.pop() {
            return nowhere;
        }
        Self::Several(Several {
            routes: routes.into(),
            taker: AtomicUsize::new(0),
        })
    }

    /// Whether another topic could be joined on the same socket, as far as is known.
    pub(crate) fn lead_to(&self, topic: &str) -> bool {
        match self {
            Self::Undeclared => true,
            Self::None(router) => router.is_some_and(|router| router.leads_to(topic)),
            Self::Matching(Matching { router, .. }) => router.leads_to(topic),
            Self::Several(several) => several.routes.iter().any(|routes| routes.lead_to(topic)),
        }
    }

    /// The most specific pattern by which the topic could be joined. A handler without patterns comes
    /// last, for it may take any topic.
    fn rank(&self) -> Option<&[Shape]> {
        match self {
            Self::None(_) => None,
            Self::Undeclared => Some(&[Shape::Rest]),
            Self::Matching(matching) => matching.rank(),
            Self::Several(several) => several.routes.iter().filter_map(Self::rank).min(),
        }
    }
}

impl Matching {
    fn patterns(&self) -> impl Iterator<Item = &'static Pattern> {
        let numbers = self.numbers.iter();
        numbers.map(|&number| &self.router.patterns[usize::from(number)])
    }

    /// The most specific pattern that can be joined.
    pub(crate) fn joinable(&self) -> Option<&'static Pattern> {
        self.patterns().find(|pattern| pattern.join)
    }

    fn rank(&self) -> Option<&'static [Shape]> {
        self.joinable().map(|pattern| pattern.shape)
    }
}

impl Several {
    /// The handlers that may take the topic, the one with the most specific pattern first.
    pub(crate) fn takers(&self) -> Vec<usize> {
        let ranked = self.routes.iter().enumerate();
        let mut ranked: Vec<_> = ranked
            .filter_map(|(index, routes)| Some((routes.rank()?, index)))
            .collect();
        ranked.sort();
        ranked.into_iter().map(|(_, index)| index).collect()
    }

    pub(crate) fn choose(&self, taker: usize) {
        self.taker.store(taker, Relaxed);
    }

    /// The handler that has taken the topic, and what it knows of it.
    pub(crate) fn taker(&self) -> (usize, &Routes) {
        let taker = self.taker.load(Relaxed);
        (taker, &self.routes[taker])
    }
}

/// A pattern and the handler that declares it.
#[derive(Clone, Copy, Debug)]
pub struct Declared {
    pub(crate) handler: &'static str,
    pub(crate) pattern: &'static Pattern,
}

/// Two joins of different handlers for the same topics, of which one could never run.
pub(crate) fn collision(declared: &[Declared]) -> Option<String> {
    let joins = || {
        declared
            .iter()
            .enumerate()
            .filter(|(_, one)| one.pattern.join)
    };
    for (index, one) in joins() {
        let mut earlier = joins().take_while(|(other, _)| *other < index);
        if let Some((_, other)) =
            earlier.find(|(_, other)| other.pattern.shape == one.pattern.shape)
        {
            return Some(format!(
                "`#[join({:?})]` of `{}` and `#[join({:?})]` of `{}` are for the same topics",
                other.pattern.text, other.handler, one.pattern.text, one.handler
            ));
        }
    }
    None
}

/// A capture as it is: the segment of the topic at this position.
pub fn capture_str(topic: &str, position: usize) -> Option<&str> {
    let mut start = 0;
    for _ in 0..position {
        start += colon(&topic[start..])? + 1;
    }
    let rest = &topic[start..];
    Some(&rest[..colon(rest).unwrap_or(rest.len())])
}

/// Looked for byte by byte: segments are so short that to search them faster takes longer.
fn colon(text: &str) -> Option<usize> {
    text.bytes().position(|byte| byte == b':')
}

/// A named wildcard as it is: what follows from this segment on, with its colons.
pub fn rest_str(topic: &str, position: usize) -> Option<&str> {
    topic.splitn(position + 1, ':').nth(position)
}
