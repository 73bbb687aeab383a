use crate::{
    app::{Tick, app, joined, plain},
    recorder::counted,
};
use metrics_util::MetricKind;
use phx_channels::{Binary, Config, Payload};
use serde_json::json;

#[test]
fn handler_seconds_are_measured_by_route() {
    counted(|metrics| async move {
        let app = plain();
        let mut client = joined(&app, &["rooms:1"]).await;
        client.join("rooms:lobby", "hear").await.unwrap_ok();
        for n in 1..4 {
            client.call("rooms:1", "number", n).await.unwrap_ok();
        }
        client
            .call("rooms:1", "whatever", json!({}))
            .await
            .unwrap_ok();
        app.broadcaster().tell("rooms:1", Tick);
        let bytes = Payload::new(&Binary([1, 2])).unwrap();
        app.broadcaster().broadcast(("rooms:1", "bytes", &bytes));
        app.broadcaster().broadcast(("elsewhere", "anything"));
        app.settle();
        client.leave("rooms:1").await.unwrap_ok();
        let expected = [
            "handler=info pattern=rooms:* event=- 2",
            "handler=intercept pattern=rooms:* event=bytes 1",
            "handler=join pattern=rooms:* event=- 1",
            "handler=join pattern=rooms:{number} event=- 1",
            "handler=leave pattern=rooms:* event=- 1",
            "handler=on pattern=rooms:* event=number 3",
            "handler=on pattern=rooms:{number} event=* 1",
        ];
        assert_eq!(metrics.of("phx_channels_handler_seconds"), expected);
    });
}

#[test]
fn every_metric_is_described_with_its_unit() {
    counted(|metrics| async move {
        let app = app(Config::new());
        let mut client = joined(&app, &["rooms:1"]).await;
        client.call("rooms:1", "say", json!({})).await.unwrap_ok();
        client.join("nowhere", json!({})).await.unwrap_error();
        let described = metrics.described();
        assert!(described.len() > 10, "{described:?}");
        for (kind, name, unit, is_described) in described {
            assert!(is_described, "{name}");
            let expected = match (kind, &*name) {
                (MetricKind::Histogram, _) => "seconds",
                (_, name) if name.ends_with("_bytes_total") => "bytes",
                _ => "count",
            };
            assert_eq!(unit, Some(expected), "{name}");
            assert_eq!(
                name.ends_with("_total"),
                kind == MetricKind::Counter,
                "{name}"
            );
        }
    });
}
