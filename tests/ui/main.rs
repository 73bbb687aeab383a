//! What the compiler accepts, and what it says about each mistake. README.md has the list.

#![allow(
    clippy::unwrap_used,
    reason = "a test that panics has failed, which is what it is for"
)]

use std::{fs, path::Path};

#[test]
fn accepted_and_refused() {
    let cases = trybuild::TestCases::new();
    cases.pass("ui/pass/*.rs");
    cases.compile_fail("ui/fail/*.rs");
}

/// The messages that the documentation shows are those of the files in `fail`, but for line numbers and
/// for what rustc says besides.
#[test]
fn documented_messages_are_real() {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    let said: Vec<String> = fs::read_dir(tests.join("ui/fail"))
        .unwrap()
        .map(|file| file.unwrap().path())
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "stderr")
        })
        .map(|path| fs::read_to_string(path).unwrap())
        .collect();
    let page = fs::read_to_string(tests.join("../channels/src/docs/channel.md")).unwrap();
    let messages: Vec<&str> = page
        .split("```text\n")
        .skip(1)
        .flat_map(|block| block.split("```").next().unwrap().trim_end().split("\n\n"))
        .collect();
    assert!(messages.len() > 5, "{messages:?}");
    for message in messages {
        let shown = |text: &String| message.lines().all(|line| says(text, line));
        assert!(said.iter().any(shown), "nobody says this:\n{message}");
    }
}

/// Whether a line is among those that the compiler prints.
fn says(text: &str, line: &str) -> bool {
    let without_number = |line: &str| {
        line.trim_start_matches(|c: char| c == ' ' || c.is_ascii_digit())
            .to_owned()
    };
    text.lines()
        .any(|said| without_number(said) == without_number(line))
}
