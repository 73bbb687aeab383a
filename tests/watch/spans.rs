use crate::{
    app::{SECOND, Tick, ann, joined, plain},
    outcomes,
    subscriber::traced,
};
use phx_channels::{Binary, Payload};
use serde_json::json;
use tracing_subscriber::filter::LevelFilter;

const ALL: LevelFilter = LevelFilter::TRACE;

#[test]
fn connect_spans_tell_transport_outcome_and_reason() {
    traced(ALL, |spans| async move {
        let app = plain();
        let _client = ann(&app).await.unwrap();
        assert!(app.connect().param("user", "eve").await.is_err());
        let expected = [
            ">connect{duration_us=_ outcome=ok transport=websocket}",
            ">connect{duration_us=_ outcome=refused reason=handler transport=websocket}",
        ];
        assert_eq!(spans.named("connect"), expected);
    });
}

#[test]
fn connection_spans_last_as_long_as_the_connection() {
    traced(ALL, |spans| async move {
        let app = plain();
        let client = joined(&app, &["rooms:1"]).await;
        let mut idle = ann(&app).vsn(None).await.unwrap();
        assert!(spans.named("connection").is_empty());
        drop(client);
        app.settle();
        app.advance(60 * SECOND);
        assert_eq!(idle.closed().await, Some(1002));
        app.settle();
        let expected = [
            ">connection{duration_us=_ outcome=client socket_id=ann vsn=2}",
            ">connection{duration_us=_ outcome=idle socket_id=ann vsn=1}",
        ];
        assert_eq!(spans.named("connection"), expected);
    });
}

#[test]
fn join_spans_tell_topic_pattern_and_outcome() {
    traced(ALL, |spans| async move {
        let _app = outcomes::of_joins().await;
        let expected = [
            "connection>join{outcome=refused pattern=- reason=unmatched topic=nowhere}",
            "connection>join{duration_us=_ outcome=refused pattern=rooms:* reason=handler topic=rooms:lobby}",
            "connection>join{duration_us=_ outcome=panicked pattern=rooms:* topic=rooms:lobby}",
            "connection>join{duration_us=_ outcome=refused pattern=rooms:* reason=params topic=rooms:lobby}",
            "connection>join{duration_us=_ outcome=refused pattern=rooms:* reason=timed_out topic=rooms:lobby}",
            "connection>join{duration_us=_ outcome=ok pattern=rooms:{number} topic=rooms:1}",
            "connection>join{outcome=refused pattern=rooms:{number} reason=max_topics topic=rooms:2}",
            "connection>join{outcome=refused pattern=- reason=rate_limited topic=rooms:3}",
            // Its name is too long to be repeated.
            "connection>join{outcome=refused pattern=- reason=max_name_length}",
        ];
        assert_eq!(spans.named("join"), expected);
    });
}

#[test]
fn event_spans_tell_topic_event_pattern_and_outcome() {
    traced(ALL, |spans| async move {
        let _app = outcomes::of_events().await;
        let expected = [
            ("number", "ok"),
            ("number", "error"),
            ("number", "error"),
            ("made-up", "unmatched"),
            ("seldom", "ok"),
            ("seldom", "rate_limited"),
            ("slow", "timed_out"),
            ("slow", "aborted"),
            ("panic", "panicked"),
        ];
        let expected = expected.map(|(event, outcome)| {
            format!(
                "connection>event{{duration_us=_ event={event} outcome={outcome} \
                 pattern=rooms:* topic=rooms:lobby}}"
            )
        });
        assert_eq!(spans.named("event"), expected);
    });
}

#[test]
fn other_handlers_have_spans_as_well() {
    traced(ALL, |spans| async move {
        let app = plain();
        let mut client = joined(&app, &["rooms:1"]).await;
        app.broadcaster().tell("rooms:1", Tick);
        let bytes = Payload::new(&Binary([1, 2])).unwrap();
        app.broadcaster().broadcast(("rooms:1", "bytes", &bytes));
        app.settle();
        client.leave("rooms:1").await.unwrap_ok();
        for name in ["info", "leave"] {
            let expected = format!(
                "connection>{name}{{duration_us=_ outcome=ok pattern=rooms:* topic=rooms:1}}"
            );
            assert_eq!(spans.named(name), [expected]);
        }
        let expected = "connection>intercept{duration_us=_ event=bytes outcome=ok pattern=rooms:* topic=rooms:1}";
        assert_eq!(spans.named("intercept"), [expected]);
    });
}

/// What a handler says itself is in the span of its event, which is in that of the connection.
#[test]
fn handlers_run_in_their_spans() {
    traced(ALL, |spans| async move {
        let app = plain();
        let mut client = joined(&app, &["rooms:1"]).await;
        client.call("rooms:1", "say", json!({})).await.unwrap_ok();
        assert_eq!(spans.events(), ["said in event in connection"]);
    });
}

#[test]
fn levels_that_are_off_have_no_spans() {
    traced(LevelFilter::INFO, |spans| async move {
        let app = plain();
        let mut client = joined(&app, &["rooms:1"]).await;
        client.call("rooms:1", "say", json!({})).await.unwrap_ok();
        assert_eq!(spans.named("join").len(), 1);
        assert!(spans.named("event").is_empty());
        assert_eq!(spans.events(), ["said in connection"]);
    });
    traced(LevelFilter::WARN, |spans| async move {
        let app = plain();
        drop(joined(&app, &["rooms:1"]).await);
        app.settle();
        assert!(spans.all().is_empty());
    });
}
