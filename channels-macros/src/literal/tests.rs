use super::{event, topic};
use crate::attribute::Kind;

#[test]
fn paths_and_their_patterns() {
    for (path, pattern) in [
        ("rooms/lobby", "rooms:lobby"),
        ("rooms/*", "rooms:*"),
        ("/rooms", "rooms"),
        ("/rooms/:id", "rooms:{id}"),
        ("/:room/messages", "{room}:messages"),
        ("rooms/:room/seats/:seat", "rooms:{room}:seats:{seat}"),
        ("rooms/{room}", "rooms:{room}"),
        ("rooms/<room>", "rooms:{room}"),
        ("rooms:<room>", "rooms:{room}"),
        ("rooms:[room]", "rooms:{room}"),
        ("rooms:{room}/{seat}", "rooms:{room}:{seat}"),
        ("rooms:id", "rooms:{id}"),
        ("rooms::id", "rooms:{id}"),
        ("rooms:lobby/", "rooms:lobby"),
        ("rooms: *", "rooms:*"),
        (" rooms:lobby", "rooms:lobby"),
        ("rooms :\tlobby\n", "rooms:lobby"),
        ("  ", "*"),
    ] {
        let message = topic(path, Kind::Join).unwrap_or_default();
        assert!(
            message.ends_with(&format!("write `{pattern}`")),
            "{path}: {message}"
        );
    }
}

#[test]
fn what_topics_may_be() {
    for pattern in [
        "rooms:lobby",
        "rooms:{id}",
        "rooms:{*id}",
        "id:{x}",
        "chat rooms:big hall",
        "räume/küche:*",
        "files:/etc/*",
        "files:a/b",
        "ids:by_id",
        "lv:phx-F8",
        "*",
        "food*",
    ] {
        assert_eq!(topic(pattern, Kind::Join), None, "{pattern}");
    }
    assert_eq!(topic("räume/küche", Kind::On), None);
}

#[test]
fn events_are_no_patterns() {
    for name in ["*", "user:*", "*:left", "msg:{id}", "{event}", "{*rest}"] {
        assert!(event(name, None).is_some(), "{name}");
    }
    for name in ["new:msg", " ", "user:", "{", "}", "}{", "a/b", "msg:id"] {
        assert_eq!(event(name, None), None, "{name}");
    }
}
