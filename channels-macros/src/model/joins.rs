//! What the `#[join]` methods of a block say, for those that read the other methods.

use super::{Handler, Kind, Topic, handler, helpers, routing};
use crate::{
    errors::Errors,
    parse::ImplBlock,
    topic::{self, Capture, Pattern, Shape},
};
use quote::ToTokens;
use std::collections::BTreeMap;
use syn::{Attribute, LitStr};

/// The `#[join]` methods. What is wrong with one of them is said where it is read as a handler.
#[derive(Default)]
pub(super) struct Joins<'a> {
    handlers: Vec<Handler<'a>>,
    /// The attributes of those whose pattern could not be read.
    unread: Vec<String>,
}

/// A part of the topic that a capture of a join stands for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) segment: usize,
    pub(super) rest: bool,
}

impl<'a> Joins<'a> {
    pub(super) fn new(block: &'a ImplBlock) -> Self {
        let items = block.items.iter();
        let joins = items.filter(|item| {
            let first = helpers(item).next();
            first.is_some_and(|(kind, _)| kind == Kind::Join)
        });
        let mut read = Self::default();
        for item in joins {
            let join = handler(item, &Self::default(), &mut Errors::default());
            match join.filter(|join| join.topic.is_some()) {
                Some(join) => read.handlers.push(join),
                None => read
                    .unread
                    .extend(helpers(item).map(|(_, attribute)| text(attribute))),
            }
        }
        read
    }

    /// Whether a join whose pattern could not be read may have a capture of this name.
    pub(super) fn may_capture(&self, name: &str) -> bool {
        self.unread.iter().any(|attribute| attribute.contains(name))
    }

    /// Whether topic and event have changed places: no `#[join]` leads to the one, but one does to the
    /// other. It is checked before the arguments, which would all be wrong then.
    pub(super) fn are_swapped(&self, topic: &Topic, event: &LitStr) -> bool {
        let leads_to = |pattern: &Pattern| {
            let shape = pattern.shape();
            let mut joins = self.handlers.iter().filter_map(|join| join.topic.as_ref());
            joins.any(|join| topic::overlap(&shape, &join.pattern.shape()))
        };
        let event = Pattern::parse(&event.value());
        event.is_ok_and(|event| leads_to(&event)) && !leads_to(&topic.pattern)
    }

    /// The capture of this name that the topics of a pattern were joined with, if they were: its
    /// place, or a sentence about two joins that do not agree on it. Beside a join for whatever the
    /// one with the capture leaves there is none.
    pub(super) fn capture(&self, name: &str, topic: &Topic) -> Option<Result<Place, String>> {
        let places = self.places(name, topic);
        let (from, (first, place)) = places.iter().find(|(_, (_, place))| place.is_some())?;
        let mut others = places.iter().filter(|(_, (_, other))| other != place);
        if others
            .clone()
            .any(|(shape, (_, other))| other.is_none() && topic::covers(shape, from))
        {
            return None;
        }
        Some(match (others.next(), place) {
            (None, Some(place)) => Ok(*place),
            (Some((_, (other, elsewhere))), _) => {
                Err(disagree(name, first, other, elsewhere.is_some()))
            }
            (None, None) => return None,
        })
    }

    /// The joins that lead to a pattern, and where each has the capture of this name. Of joins for the
    /// same topics only one is there, as `#[cfg]` says.
    fn places(&self, name: &str, topic: &Topic) -> BTreeMap<Vec<Shape>, (&Topic, Option<Place>)> {
        let joins: Vec<_> = self.handlers.iter().collect();
        let mut places = BTreeMap::new();
        for join in &joins {
            let from = join.topic.as_ref();
            if let Some(from) = from.filter(|_| routing::leads_to(join, topic, &joins)) {
                let (_, place) = places.entry(from.pattern.shape()).or_insert((from, None));
                *place = place.or_else(|| place_of(name, from));
            }
        }
        places
    }
}

fn text(attribute: &Attribute) -> String {
    attribute.meta.to_token_stream().to_string()
}

fn place_of(name: &str, topic: &Topic) -> Option<Place> {
    let mut captures = topic.pattern.captures();
    let capture = captures.find(|capture: &Capture<'_>| capture.name == name)?;
    Some(Place {
        segment: capture.segment,
        rest: capture.rest,
    })
}

fn disagree(name: &str, one: &Topic, other: &Topic, elsewhere: bool) -> String {
    let (one, other) = (one.text.value(), other.text.value());
    let what = if elsewhere {
        "elsewhere in"
    } else {
        "no capture of"
    };
    format!(
        "`{name}` is a capture of `#[join(\"{one}\")]` and {what} `#[join(\"{other}\")]`, and both lead here; \
         write a method for each pattern, or give the argument another name"
    )
}
