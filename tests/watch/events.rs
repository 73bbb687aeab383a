use crate::{
    app::{ann, app, joined, plain},
    outcomes,
    recorder::counted,
};
use phx_channels::{Config, Rate};
use serde_json::json;

#[test]
fn events_tell_route_and_outcome() {
    counted(|metrics| async move {
        let _app = outcomes::of_events().await;
        let events = metrics.of("phx_channels_events_total");
        let expected = [
            "pattern=rooms:* event=- outcome=unmatched 1",
            "pattern=rooms:* event=number outcome=error 2",
            "pattern=rooms:* event=number outcome=ok 1",
            "pattern=rooms:* event=panic outcome=panicked 1",
            "pattern=rooms:* event=seldom outcome=ok 1",
            "pattern=rooms:* event=seldom outcome=rate_limited 1",
            "pattern=rooms:* event=slow outcome=aborted 1",
            "pattern=rooms:* event=slow outcome=timed_out 1",
        ];
        assert_eq!(events, expected);
    });
}

/// A client that makes up names makes no labels.
#[test]
fn names_of_clients_are_no_labels() {
    counted(|metrics| async move {
        let app = plain();
        let mut client = joined(&app, &["rooms:lobby", "rooms:7"]).await;
        for n in 0..3 {
            let name = format!("made-up-{n}");
            // A method takes every event of numbered rooms, and none this one of others.
            client.call("rooms:7", &name, json!({})).await.unwrap_ok();
            client
                .call("rooms:lobby", &name, json!({}))
                .await
                .unwrap_error();
            client
                .call(&format!("elsewhere:{n}"), &name, json!({}))
                .await
                .unwrap_error();
        }
        let events = metrics.of("phx_channels_events_total");
        let expected = [
            "pattern=rooms:* event=- outcome=unmatched 3",
            "pattern=rooms:{number} event=* outcome=ok 3",
        ];
        assert_eq!(events, expected);
        assert_eq!(metrics.of("phx_channels_handler_seconds").len(), 4);
    });
}

/// One that is cut off before it runs has no route, and so not the last one's.
#[test]
fn an_event_that_did_not_run_has_no_name() {
    counted(|metrics| async move {
        let app = plain();
        let mut client = joined(&app, &["rooms:lobby"]).await;
        client.call("rooms:lobby", "number", 1).await.unwrap_ok();
        // Both are read in one go.
        client.push("rooms:lobby", "made-up", json!({}));
        client.join("rooms:lobby", json!(null)).await.unwrap_ok();
        let events = metrics.of("phx_channels_events_total");
        let expected = [
            "pattern=rooms:* event=- outcome=aborted 1",
            "pattern=rooms:* event=number outcome=ok 1",
        ];
        assert_eq!(events, expected);
    });
}

#[test]
fn events_refused_tell_the_reason() {
    counted(|metrics| async move {
        let config = Config::new()
            .max_name_length(20)
            .event_rate(Rate::per_minute(1));
        let app = app(config);
        let mut client = ann(&app).await.unwrap();
        client
            .call("rooms:1", "say", json!({}))
            .await
            .unwrap_error();
        client.join("rooms:1", json!(null)).await.unwrap_ok();
        client
            .call("rooms:1", &"say".repeat(7), json!({}))
            .await
            .unwrap_error();
        client.call("rooms:1", "say", json!({})).await.unwrap_ok();
        client
            .call("rooms:1", "say", json!({}))
            .await
            .unwrap_error();
        client.leave("rooms:2").await.unwrap_ok();
        let refused = metrics.of("phx_channels_events_refused_total");
        let expected = [
            "reason=max_name_length 1",
            "reason=not_joined 1",
            "reason=rate_limited 1",
        ];
        assert_eq!(refused, expected);
    });
}
