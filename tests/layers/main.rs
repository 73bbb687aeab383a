//! The floors of `channels/src`: a module may import from its own floor and from those below it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that panics has failed, which is what it is for"
)]

mod source;

use source::Import;
use std::{collections::BTreeSet, path::Path};

/// From the ground up.
const FLOORS: &[&[&str]] = &[
    &[
        "admission",
        "clock",
        "close",
        "limits",
        "logging",
        "message",
        "overflow",
        "scratch",
        "sync",
    ],
    &["topic", "wire"],
    &["losses", "watch"],
    &["config", "hub", "stats"],
    &["transport"],
    &[
        "arc",
        "broadcaster",
        "conn",
        "end",
        "extract",
        "handler",
        "info",
        "join",
        "outgoing",
        "params",
        "push",
        "pusher",
        "refused",
        "reply",
        "reply_to",
        "task",
        "tuple",
    ],
    &["__private", "socket"],
    &["shutdown"],
    &["channel"],
    &["fuzzing", "testing"],
];

/// What still goes up. An arrow that is gone goes from here as well, and none is added.
const STILL_UP: &[(&str, &str)] = &[
    ("arc", "__private"),
    ("conn", "socket"),
    ("hub", "info"),
    ("hub", "socket"),
    ("limits", "config"),
    ("limits", "refused"),
    ("limits", "watch"),
    ("pusher", "socket"),
    ("reply_to", "socket"),
    ("transport", "conn"),
    ("transport", "handler"),
    ("transport", "refused"),
    ("transport", "shutdown"),
    ("transport", "socket"),
    ("watch", "config"),
    ("watch", "conn"),
    ("watch", "hub"),
    ("watch", "refused"),
    ("watch", "reply"),
    ("watch", "socket"),
];

#[test]
fn imports_go_down() {
    let imports = imports();
    let known: BTreeSet<_> = STILL_UP.iter().copied().collect();
    let upward = imports.iter().filter(|import| goes_up(import));
    let new: Vec<_> = upward
        .clone()
        .filter(|import| !known.contains(&(&*import.from, &*import.to)))
        .map(Import::to_string)
        .collect();
    assert!(new.is_empty(), "these imports go up:\n{}", new.join("\n"));
    let found: BTreeSet<_> = upward.map(|import| (&*import.from, &*import.to)).collect();
    let gone: Vec<_> = known.difference(&found).collect();
    assert!(gone.is_empty(), "these do not go up any more: {gone:?}");
}

/// What the root exports is for users. Inside, it would hide where a name comes from.
#[test]
fn nothing_is_imported_from_the_root() {
    let roots: Vec<_> = imports()
        .iter()
        .filter(|import| floor(&import.to).is_none())
        .map(Import::to_string)
        .collect();
    assert!(
        roots.is_empty(),
        "not from a module that has a floor:\n{}",
        roots.join("\n")
    );
}

#[test]
fn an_import_that_goes_up_is_told_by_both_ends() {
    let source = "
        use crate::{message::Payload, socket::{Connection, Ring}};
        #[cfg(test)]
        mod tests {
            use crate::testing::TestApp;
        }
    ";
    let imports = source::imports("wire/json.rs", source);
    let upward: Vec<_> = imports.iter().filter(|import| goes_up(import)).collect();
    let [import] = &*upward else {
        panic!("{upward:?} instead of one import");
    };
    assert_eq!(import.to_string(), "wire/json.rs: wire -> socket");
}

fn imports() -> Vec<Import> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../channels/src");
    source::of_crate(&root)
}

fn goes_up(import: &Import) -> bool {
    let (from, to) = (floor(&import.from), floor(&import.to));
    from.expect("each module has a floor") < to.unwrap_or(0)
}

fn floor(module: &str) -> Option<usize> {
    FLOORS.iter().position(|floor| floor.contains(&module))
}
