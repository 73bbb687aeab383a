use crate::{
    app::{app, joined, tiny_mailbox},
    recorder::counted,
};
use phx_channels::Overflow;
use serde_json::json;

#[test]
fn dropped_broadcasts_tell_policy_and_pattern() {
    counted(|metrics| async move {
        let app = app(tiny_mailbox(Overflow::Disconnect));
        for topic in ["oldest:1", "newest:1", "latest:1"] {
            let client = joined(&app, &[topic]).await;
            client.pause_reading();
            client.send_text(json!([null, "1", "phoenix", "heartbeat", {}]).to_string());
            app.settle();
            for _ in 0..5 {
                app.broadcaster().broadcast((topic, "n"));
            }
        }
        let expected = [
            "policy=drop_newest pattern=newest:* 3",
            "policy=drop_oldest pattern=oldest:* 3",
            "policy=latest pattern=latest:* 4",
        ];
        assert_eq!(metrics.of("phx_channels_dropped_total"), expected);
        assert!(metrics.of("phx_channels_overflow_closes_total").is_empty());
    });
}

#[test]
fn overflow_closes_tell_the_pattern() {
    counted(|metrics| async move {
        let app = app(tiny_mailbox(Overflow::Disconnect));
        for _ in 0..2 {
            let client = joined(&app, &["rooms:1"]).await;
            client.pause_reading();
            app.broadcaster().broadcast(("rooms:1", "plug"));
            app.settle();
            for _ in 0..5 {
                app.broadcaster().broadcast(("rooms:1", "n"));
            }
        }
        let closes = metrics.of("phx_channels_overflow_closes_total");
        assert_eq!(closes, ["pattern=rooms:{number} 2"]);
        assert!(metrics.of("phx_channels_dropped_total").is_empty());
    });
}
