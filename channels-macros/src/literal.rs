//! Patterns and names that are literals here and something else elsewhere: paths of routers, wildcards
//! in events. As they stand nobody would ever send them.

use crate::attribute::Kind;

/// What is wrong with a topic pattern that means something, but hardly what its author means.
pub(crate) fn topic(text: &str, kind: Kind) -> Option<String> {
    spaced(text).or_else(|| path(text, kind))
}

/// Topics are not trimmed. White space within a segment is the application's own affair.
fn spaced(text: &str) -> Option<String> {
    let trimmed: Vec<_> = text.split(':').map(str::trim).collect();
    let trimmed = trimmed.join(":");
    let instead = if trimmed.is_empty() { "*" } else { &trimmed };
    (trimmed != text).then(|| {
        format!(
            "topic pattern `{text}` has white space around a segment, and topics match exactly as they \
             are sent; write `{instead}`"
        )
    })
}

/// The path of a router. A `/` is a character like any other behind a colon, and in a method whose join
/// takes topics of any form.
fn path(text: &str, kind: Kind) -> Option<String> {
    let is_separator = kind == Kind::Join && !text.contains(':') && text.contains('/');
    let is_path = text.starts_with('/') || text.ends_with('/') || text.contains("/:");
    let has_parameter = segments(text)
        .skip(1)
        .any(|(_, segment)| is_parameter(segment))
        || segments(text).any(|(_, segment)| bracketed(segment).is_some())
        || segments(text).any(|(slash, segment)| slash && segment.starts_with('{'));
    (is_separator || is_path || has_parameter).then(|| {
        format!(
            "topic pattern `{text}` looks like the path of a router; a topic has `:` between its \
             segments and `{{name}}` for a capture: write `{}`",
            translated(text)
        )
    })
}

/// The segments of a path, or of a topic, and whether a `/` is in front of each.
fn segments(text: &str) -> impl Iterator<Item = (bool, &str)> {
    let mut slash = false;
    text.split_inclusive([':', '/']).map(move |segment| {
        let (before, name) = (slash, segment.trim_end_matches([':', '/']));
        slash = segment.ends_with('/');
        (before, name)
    })
}

/// What nobody calls a topic of.
fn is_parameter(segment: &str) -> bool {
    segment == "id"
}

/// `<name>` and `[name]`.
fn bracketed(segment: &str) -> Option<&str> {
    let angle = segment
        .strip_prefix('<')
        .and_then(|name| name.strip_suffix('>'));
    angle.or_else(|| {
        segment
            .strip_prefix('[')
            .and_then(|name| name.strip_suffix(']'))
    })
}

/// The pattern that was probably meant.
fn translated(text: &str) -> String {
    let mut rest = text;
    let mut pattern: Vec<String> = Vec::new();
    while !rest.is_empty() {
        // `:name` where a segment begins.
        let is_named = rest.strip_prefix(':').map(|after| rest = after).is_some();
        let (segment, after) = rest.split_once([':', '/']).unwrap_or((rest, ""));
        rest = after;
        match bracketed(segment) {
            _ if segment.is_empty() => {}
            Some(name) => pattern.push(format!("{{{name}}}")),
            None if is_named || is_parameter(segment) => pattern.push(format!("{{{segment}}}")),
            None => pattern.push(segment.to_owned()),
        }
    }
    pattern.join(":")
}

/// What is wrong with the name of an event that is written like a pattern. `methods` says which method
/// takes several events, if there are such methods.
pub(crate) fn event(name: &str, methods: Option<&str>) -> Option<String> {
    let opens = name.find('{');
    let closes = name.rfind('}');
    let has_capture = opens.zip(closes).is_some_and(|(open, close)| open < close);
    let what = match (has_capture, name.contains('*')) {
        (true, _) => "captures",
        (false, true) => "wildcards",
        (false, false) => return None,
    };
    let instead = methods.map_or_else(String::new, |method| format!(", or {method}"));
    Some(format!(
        "an event has no {what}, so this is the event named `{name}`; write out the name of each{instead}"
    ))
}

#[cfg(test)]
mod tests;
