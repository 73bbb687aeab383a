use crate::{
    app::{ann, app},
    subscriber::{Spans, traced},
};
use phx_channels::{Binary, Config, Payload, PayloadFilter};
use serde_json::json;
use tracing_subscriber::filter::LevelFilter;

/// Sends a secret, and gives what is heard of it.
async fn heard(spans: Spans, config: Config) -> String {
    let app = app(config);
    let mut client = ann(&app).param("password", "hunter2").await.unwrap();
    let wish = json!({"wish": "a room", "devices": [{"Password": "hunter2"}]});
    client.join("rooms:1", wish).await.unwrap_ok();
    let said = json!({"body": "hi", "card": 4111, "old_password": {"was": "hunter2"}});
    client.call("rooms:1", "say", &said).await.unwrap_ok();
    let bytes = Payload::new(&Binary([7, 7, 7])).unwrap();
    app.broadcaster().broadcast(("rooms:1", "bytes", &bytes));
    app.settle();
    drop(client);
    app.settle();
    spans.all().join("\n")
}

#[test]
fn payloads_are_not_shown_by_default() {
    traced(LevelFilter::TRACE, |spans| async move {
        let heard = heard(spans, Config::new()).await;
        assert!(heard.contains("event=say"), "{heard}");
        for secret in ["hunter2", "4111", "hi", "payload", "password"] {
            assert!(!heard.contains(secret), "{heard}");
        }
    });
}

#[test]
fn payloads_are_shown_through_the_filter() {
    traced(LevelFilter::TRACE, |spans| async move {
        let config = Config::new().trace_payloads(PayloadFilter::new());
        let heard = heard(spans, config).await;
        for shown in [
            r#"payload={"devices":[{"Password":"[FILTERED]"}],"wish":"a room"}"#,
            r#"payload={"body":"hi","card":4111,"old_password":"[FILTERED]"}"#,
            "payload=3 bytes",
        ] {
            assert!(heard.contains(shown), "{heard}");
        }
        assert!(!heard.contains("hunter2"), "{heard}");
    });
}

#[test]
fn the_words_of_the_filter_are_chosen() {
    traced(LevelFilter::TRACE, |spans| async move {
        let config = Config::new().trace_payloads(PayloadFilter::only(["card", "was"]));
        let heard = heard(spans, config).await;
        let shown = r#"{"body":"hi","card":"[FILTERED]","old_password":{"was":"[FILTERED]"}}"#;
        assert!(heard.contains(shown), "{heard}");
    });
}
