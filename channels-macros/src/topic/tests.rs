use super::{Pattern, Shape, covers, distance, layers, overlap};
use matchit::Router;

/// What the pattern language says, straight from its table and without matchit.
fn matches(pattern: &[Shape], topic: &str) -> bool {
    let Some((first, later)) = pattern.split_first() else {
        return false;
    };
    let (segment, rest) = match topic.split_once(':') {
        Some((segment, rest)) => (segment, Some(rest)),
        None => (topic, None),
    };
    let here = match first {
        Shape::Rest => return true,
        Shape::Prefix(prefix) => return topic.starts_with(&prefix.0),
        Shape::Literal(text) => segment == text,
        Shape::Capture => !segment.is_empty(),
    };
    here && match rest {
        Some(rest) => matches(later, rest),
        None => later.is_empty(),
    }
}

/// What the runtime does with a topic before it asks matchit.
fn path(topic: &str) -> String {
    let swap = |character| match character {
        ':' => '/',
        '/' => ':',
        other => other,
    };
    topic.chars().map(swap).chain(['/']).collect()
}

fn parse(text: &str) -> Pattern {
    Pattern::parse(text).unwrap_or_else(|mistake| panic!("`{text}`: {mistake}"))
}

fn shape(text: &str) -> Vec<Shape> {
    parse(text).shape()
}

fn mistake(text: &str) -> String {
    match Pattern::parse(text) {
        Ok(_) => panic!("`{text}` was accepted"),
        Err(mistake) => mistake,
    }
}

#[test]
fn paths_are_those_of_the_table() {
    for (pattern, paths) in [
        ("rooms:lobby", &["rooms/lobby/"][..]),
        ("rooms:{r}", &["rooms/{r}/"]),
        ("rooms:{r}:members:{id}", &["rooms/{r}/members/{id}/"]),
        ("rooms:*", &["rooms/{*rest}"]),
        ("rooms:{*rest}", &["rooms/{*rest}"]),
        ("*", &["{*rest}"]),
        ("a/b", &["a:b/"]),
        (
            "food*",
            &["food/", "food/{*rest}", "food{x}/", "food{x}/{*rest}"],
        ),
    ] {
        assert_eq!(parse(pattern).paths(), paths, "{pattern}");
    }
}

#[test]
fn patterns_match_the_topics_of_the_table() {
    for (pattern, yes, no) in [
        (
            "rooms:lobby",
            &["rooms:lobby"][..],
            &["rooms:lobb", "rooms:lobby:", "rooms/lobby"][..],
        ),
        (
            "rooms:{r}",
            &["rooms:a", "rooms:{x}", "rooms:a/b", "rooms: "],
            &["rooms:", "rooms", "rooms:a:b", "rooms:a:", "rooms::"],
        ),
        (
            "rooms:{r}:m:{id}",
            &["rooms:1:m:2"],
            &["rooms::m:2", "rooms:1:m:", "rooms:1:m:2:3"],
        ),
        (
            "rooms:*",
            &["rooms:", "rooms:a", "rooms:a:b", "rooms::", "rooms:*"],
            &["rooms", "", "room:a"],
        ),
        (
            "food*",
            &[
                "food",
                "foods",
                "food:1",
                "foods:1:2",
                "food:",
                "foods:",
                "food{x}",
                "food/",
            ],
            &["foo", "", ":food"],
        ),
        ("*", &["", ":", "a", "a/b", "{x}", "a::b", "/"], &[]),
        ("a/b", &["a/b"], &["a:b", "a"]),
        ("{x}", &["{x}", "a/b", "*"], &["", ":", "a:"]),
    ] {
        let mut layer = Router::new();
        for path in parse(pattern).paths() {
            layer.insert(path, ()).unwrap();
        }
        for topic in yes {
            assert!(layer.at(&path(topic)).is_ok(), "{pattern} takes {topic:?}");
            assert!(matches(&shape(pattern), topic), "{pattern}: {topic:?}");
        }
        for topic in no {
            assert!(
                layer.at(&path(topic)).is_err(),
                "{pattern} is not for {topic:?}"
            );
            assert!(!matches(&shape(pattern), topic), "{pattern}: {topic:?}");
        }
    }
}

/// All sequences of these parts, up to a length.
fn sequences(parts: &[&str], length: usize) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    let mut last = vec![String::new()];
    for position in 0..length {
        let colon = if position == 0 { "" } else { ":" };
        let longer = |text: &String| {
            let parts = parts.iter();
            parts
                .map(move |part| format!("{text}{colon}{part}"))
                .collect::<Vec<_>>()
        };
        last = last.iter().flat_map(longer).collect();
        all.extend_from_slice(&last);
    }
    all
}

/// All patterns of up to three segments out of a few, no two captures having the same name.
fn all_patterns() -> Vec<Pattern> {
    let parts = ["a", "ab", "{", "a*", "ab*", "*"];
    let mut names = 0..;
    let texts = sequences(&parts, 3).into_iter().map(|text| {
        let with_name = |part| match part {
            "{" => format!("{{x{}}}", names.next().unwrap_or(0)),
            part => part.to_owned(),
        };
        text.split(':').map(with_name).collect::<Vec<_>>().join(":")
    });
    texts
        .filter_map(|text| Pattern::parse(&text).ok())
        .collect()
}

/// A generator of numbers below a limit, the same ones in every run.
fn numbers() -> impl FnMut(usize) -> usize {
    let mut state = 1_u64;
    move |limit| {
        state = state.wrapping_mul(6_364_136_223_846_793_005);
        state = state.wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % limit
    }
}

/// Whatever a block declares is routed as the language says, whatever topic comes: matchit takes
/// the routes of each layer, and finds the one pattern of it that matches.
#[test]
fn layers_find_every_pattern_that_matches() {
    let patterns = all_patterns();
    let topics = sequences(&["", "a", "ab", "abc", "b"], 4);
    let paths: Vec<_> = topics.iter().map(|topic| path(topic)).collect();

    let mut number = numbers();
    for _ in 0..1_500 {
        let mut set: Vec<_> = (0..2 + number(12))
            .map(|_| &patterns[number(patterns.len())])
            .collect();
        set.sort_by_key(|pattern| pattern.shape());
        set.dedup_by_key(|pattern| pattern.shape());
        let shapes: Vec<_> = set.iter().map(|pattern| pattern.shape()).collect();
        let routers = routers(&set);
        for (topic, path) in topics.iter().zip(&paths) {
            let found = routers.iter().filter_map(|layer| layer.at(path).ok());
            let mut found: Vec<_> = found.map(|found| *found.value).collect();
            found.sort_unstable();
            let expected: Vec<_> = (0..shapes.len())
                .filter(|&id| matches(&shapes[id], topic))
                .collect();
            assert_eq!(found, expected, "{topic:?} in {shapes:?}");
        }
    }
}

/// What the runtime builds from the patterns of a block.
fn routers(patterns: &[&Pattern]) -> Vec<Router<usize>> {
    let layers = layers(patterns).unwrap();
    let mut routers = vec![Router::new(); layers.iter().max().map_or(0, |last| last + 1)];
    for ((id, pattern), layer) in patterns.iter().enumerate().zip(layers) {
        for path in pattern.paths() {
            routers[layer].insert(path, id).unwrap();
        }
    }
    routers
}

#[test]
fn overlap_means_that_a_common_topic_exists() {
    let patterns = all_patterns();
    let shapes: Vec<_> = patterns.iter().map(Pattern::shape).collect();
    let topics = sequences(&["", "a", "ab", "abc", "b"], 3);
    for left in &shapes {
        for right in &shapes {
            let common = topics
                .iter()
                .any(|topic| matches(left, topic) && matches(right, topic));
            assert_eq!(overlap(left, right), common, "{left:?} {right:?}");
        }
    }
}

#[test]
fn covers_means_that_no_topic_is_left_out() {
    let patterns = all_patterns();
    let shapes: Vec<_> = patterns.iter().map(Pattern::shape).collect();
    let topics = sequences(&["", "a", "ab", "abc", "b"], 3);
    for broad in &shapes {
        for narrow in &shapes {
            let left_out = topics
                .iter()
                .any(|topic| matches(narrow, topic) && !matches(broad, topic));
            // A pattern of finitely many topics may be covered without being seen to be.
            assert!(!(covers(broad, narrow) && left_out), "{broad:?} {narrow:?}");
        }
    }
    for (broad, narrow) in [
        ("*", "rooms:{room}"),
        ("rooms:*", "rooms:{room}"),
        ("rooms:*", "rooms:*"),
        ("rooms:{room}", "rooms:lobby"),
        ("food*", "foods*"),
        ("food*", "food:1"),
    ] {
        assert!(covers(&shape(broad), &shape(narrow)), "{broad} {narrow}");
    }
}

#[test]
fn the_most_specific_comes_first() {
    let mut texts = [
        "*",
        "rooms:{room}",
        "food*",
        "rooms:*",
        "rooms:{room}:x",
        "rooms:lobby",
        "{a}",
        "foods*",
        "rooms:lo*",
        "rooms:{*rest}",
    ];
    texts.sort_by_key(|text| shape(text));
    assert_eq!(
        texts,
        [
            "rooms:lobby",
            "rooms:{room}",
            "rooms:{room}:x",
            "rooms:lo*",
            "rooms:*",
            "rooms:{*rest}",
            "{a}",
            "foods*",
            "food*",
            "*",
        ]
    );
    assert_eq!(shape("rooms:{a}"), shape("rooms:{b}"));
    assert_eq!(shape("rooms:*"), shape("rooms:{*rest}"));
}

#[test]
fn captures_know_their_segment() {
    let pattern = parse("rooms:{room}:x:{*rest}");
    let captures: Vec<_> = pattern
        .captures()
        .map(|capture| (capture.name, capture.segment, capture.rest))
        .collect();
    assert_eq!(captures, [("room", 1, false), ("rest", 3, true)]);
    assert!(parse("rooms:{type}:{_x}:{raum_é}:*").captures().count() == 3);
}

#[test]
fn mistakes_are_named() {
    for (pattern, expected) in [
        ("", "cannot be empty"),
        ("phoenix", "belongs to the protocol"),
        ("rooms::a", "an empty segment"),
        ("rooms:", "an empty segment"),
        (":", "an empty segment"),
        (":a", "an empty segment"),
        ("rooms:*:x", "text after `*`"),
        ("rooms:*x", "text after `*`"),
        ("rooms:**", "text after `*`"),
        ("*:a", "text after `*`"),
        ("a*b", "text after `*`"),
        ("{*a}:b", "text after `{*a}`"),
        ("rooms:{room", "an unclosed brace in `{room`"),
        ("rooms:room}", "a stray `}` in `room}`"),
        ("rooms:{a:b}", "a `:` within braces"),
        ("rooms:{{a}", "an unclosed brace in `{{a}`"),
        ("rooms:x{a}", "a capture is a whole segment"),
        ("rooms:{a}{b}", "a capture is a whole segment"),
        ("rooms:}a{", "a capture is a whole segment"),
        ("rooms:{}", "the capture `{}`"),
        ("rooms:{*}", "the capture `{*}`"),
        ("rooms:{_}", "the capture `{_}`"),
        ("rooms:{1}", "the capture `{1}`"),
        ("rooms:{a b}", "the capture `{a b}`"),
        ("{a}:{b}:{a}", "captures `a` twice"),
        ("{a}:{*a}", "captures `a` twice"),
    ] {
        let mistake = mistake(pattern);
        assert!(mistake.contains(expected), "`{pattern}`: {mistake}");
    }
    assert!(Pattern::parse("phoenix:a").is_ok());
}

#[test]
fn the_nearest_pattern_is_what_was_meant() {
    let nearest = |topic: &str, patterns: &[&'static str]| {
        let near = |text: &&&str| distance(&shape(topic), &shape(text));
        *patterns.iter().min_by_key(near).unwrap()
    };
    assert_eq!(nearest("room:lobby", &["users:{id}", "rooms:*"]), "rooms:*");
    assert_eq!(nearest("foof", &["bar*", "food*"]), "food*");
    assert_eq!(nearest("a:b:c", &["a:x", "a:{b}:d"]), "a:{b}:d");
}
