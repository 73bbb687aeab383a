use crate::{
    app::{ann, app, joined, plain},
    recorder::counted,
};
use phx_channels::{Config, testing::Frame};
use serde_json::json;

#[test]
fn messages_and_their_bytes_are_counted_both_ways() {
    counted(|metrics| async move {
        let app = plain();
        let mut client = ann(&app).await.unwrap();
        let heartbeat = r#"[null,"1","phoenix","heartbeat",{}]"#;
        client.send_text(heartbeat);
        client.send_text(heartbeat);
        let (mut count, mut bytes) = (0, 0);
        for _ in 0..2 {
            let Frame::Text(text) = client.frame().await else {
                panic!("not a text");
            };
            count += 1;
            bytes += text.len();
        }
        let of = |name| metrics.of(name);
        assert_eq!(of("phx_channels_received_messages_total"), ["2"]);
        let received = (2 * heartbeat.len()).to_string();
        assert_eq!(of("phx_channels_received_bytes_total"), [received]);
        assert_eq!(of("phx_channels_sent_messages_total"), [count.to_string()]);
        assert_eq!(of("phx_channels_sent_bytes_total"), [bytes.to_string()]);
    });
}

#[test]
fn malformed_messages_are_counted() {
    counted(|metrics| async move {
        let app = app(Config::new());
        let mut client = ann(&app).await.unwrap();
        client.send_text("no frame");
        client.send_text("none either");
        client
            .call("rooms:1", "say", json!({}))
            .await
            .unwrap_error();
        assert_eq!(metrics.of("phx_channels_malformed_messages_total"), ["2"]);
        assert_eq!(metrics.of("phx_channels_received_messages_total"), ["3"]);
    });
}

#[test]
fn broadcasts_are_counted_once_and_deliveries_once_for_each_member() {
    counted(|metrics| async move {
        let app = plain();
        let mut clients = Vec::new();
        for _ in 0..3 {
            clients.push(joined(&app, &["rooms:1"]).await);
        }
        let of = |name| metrics.of(name);
        clients[0]
            .call("rooms:1", "say", json!({}))
            .await
            .unwrap_ok();
        assert_eq!(
            of("phx_channels_broadcasts_total"),
            ["pattern=rooms:{number} 1"]
        );
        assert_eq!(
            of("phx_channels_deliveries_total"),
            ["pattern=rooms:{number} 3"]
        );
        // Not to the one who whispers.
        clients[0].push("rooms:1", "whisper", json!({}));
        app.settle();
        assert_eq!(
            of("phx_channels_broadcasts_total"),
            ["pattern=rooms:{number} 2"]
        );
        assert_eq!(
            of("phx_channels_deliveries_total"),
            ["pattern=rooms:{number} 5"]
        );
        app.broadcaster().broadcast(("nobody:is:there", "said"));
        assert_eq!(of("phx_channels_broadcasts_total").len(), 1);
    });
}

#[test]
fn a_topic_that_is_only_subscribed_to_has_no_pattern() {
    counted(|metrics| async move {
        let app = plain();
        let mut client = ann(&app).await.unwrap();
        client.join("rooms:lobby", "hear").await.unwrap_ok();
        app.broadcaster().broadcast(("elsewhere", "said"));
        assert_eq!(
            metrics.of("phx_channels_deliveries_total"),
            ["pattern=- 1", "pattern=rooms:* 0"]
        );
    });
}
