use crate::{
    app::{joined, plain},
    outcomes,
    recorder::counted,
};
use phx_channels::{
    ChannelConn, ChannelEvent, ChannelHandler, async_trait, channel, testing::TestApp,
};
use serde_json::json;

#[test]
fn joined_topics_are_counted_by_pattern_as_long_as_they_last() {
    counted(|metrics| async move {
        let app = plain();
        let joined_topics = || metrics.of("phx_channels_joined_topics");
        let mut client = joined(&app, &["rooms:1", "rooms:2", "rooms:lobby"]).await;
        assert_eq!(
            joined_topics(),
            ["pattern=rooms:* 1", "pattern=rooms:{number} 2"]
        );
        client.leave("rooms:1").await.unwrap_ok();
        assert_eq!(
            joined_topics(),
            ["pattern=rooms:* 1", "pattern=rooms:{number} 1"]
        );
        drop(client);
        app.settle();
        assert_eq!(
            joined_topics(),
            ["pattern=rooms:* 0", "pattern=rooms:{number} 0"]
        );
        let joins = metrics.of("phx_channels_joins_total");
        assert_eq!(joins, ["pattern=rooms:* 1", "pattern=rooms:{number} 2"]);
        assert!(metrics.of("phx_channels_joins_refused_total").is_empty());
    });
}

#[test]
fn joins_refused_tell_pattern_and_reason() {
    counted(|metrics| async move {
        let _app = outcomes::of_joins().await;
        let refused = metrics.of("phx_channels_joins_refused_total");
        let expected = [
            "pattern=- reason=max_name_length 1",
            "pattern=- reason=rate_limited 1",
            "pattern=- reason=unmatched 1",
            "pattern=rooms:* reason=handler 1",
            "pattern=rooms:* reason=panicked 1",
            "pattern=rooms:* reason=params 1",
            "pattern=rooms:* reason=timed_out 1",
            "pattern=rooms:{number} reason=max_topics 1",
        ];
        assert_eq!(refused, expected);
    });
}

/// Decides for itself, by a rule that nobody else knows.
struct ByHand;

#[async_trait]
impl ChannelHandler for ByHand {
    async fn join_channel(&self, conn: ChannelConn<'_>, event: ChannelEvent) {
        if event.topic() != "undecided" {
            conn.allow_join(&event, &()).await;
        }
    }

    async fn incoming_message(&self, conn: ChannelConn<'_>, event: ChannelEvent) {
        conn.reply_ok(&event, &()).await;
    }
}

#[test]
fn a_handler_without_patterns_has_none() {
    counted(|metrics| async move {
        let app = TestApp::new(&channel(ByHand));
        let mut client = app.connect().await.unwrap();
        client.join("any:1", json!(null)).await.unwrap_ok();
        client.call("any:1", "made-up", json!({})).await.unwrap_ok();
        client.join("undecided", json!(null)).await.unwrap_error();
        assert_eq!(metrics.of("phx_channels_joined_topics"), ["pattern=- 1"]);
        let refused = metrics.of("phx_channels_joins_refused_total");
        assert_eq!(refused, ["pattern=- reason=unmatched 1"]);
        let events = metrics.of("phx_channels_events_total");
        assert_eq!(events, ["pattern=- event=* outcome=ok 1"]);
    });
}

struct Lobby;

#[channel]
impl Lobby {
    #[join("lobby")]
    async fn join(&self) {}

    #[on("lobby", "ping")]
    async fn ping(&self) -> Result<(), ()> {
        Ok(())
    }
}

#[test]
fn of_several_handlers_it_is_the_one_that_has_the_topic() {
    counted(|metrics| async move {
        let app = TestApp::new(&channel((ByHand, Lobby)));
        let mut client = app.connect().await.unwrap();
        client.join("lobby", json!(null)).await.unwrap_ok();
        client.join("any:1", json!(null)).await.unwrap_ok();
        client.call("lobby", "ping", json!({})).await.unwrap_ok();
        client.call("any:1", "ping", json!({})).await.unwrap_ok();
        let joins = metrics.of("phx_channels_joins_total");
        assert_eq!(joins, ["pattern=- 1", "pattern=lobby 1"]);
        let events = metrics.of("phx_channels_events_total");
        let expected = [
            "pattern=- event=* outcome=ok 1",
            "pattern=lobby event=ping outcome=ok 1",
        ];
        assert_eq!(events, expected);
    });
}
