use crate::{
    app::{SECOND, ann, app, joined, plain, tiny_mailbox},
    recorder::counted,
};
use futures_lite::future::poll_once;
use phx_channels::{Config, Overflow};
use serde_json::json;
use std::{net::Ipv4Addr, pin::pin};

#[test]
fn connections_are_counted_as_long_as_they_last() {
    counted(|metrics| async move {
        let app = plain();
        let client = ann(&app).await.unwrap();
        let other = ann(&app).await.unwrap();
        assert_eq!(metrics.of("phx_channels_connections"), ["2"]);
        drop(client);
        app.settle();
        assert_eq!(metrics.of("phx_channels_connections"), ["1"]);
        drop(other);
        app.settle();
        assert_eq!(metrics.of("phx_channels_connections"), ["0"]);
        assert_eq!(metrics.of("phx_channels_connections_opened_total"), ["2"]);
        let closed = metrics.of("phx_channels_connections_closed_total");
        assert_eq!(closed, ["reason=client 2"]);
    });
}

#[test]
fn connections_closed_tell_the_reason() {
    counted(|metrics| async move {
        let config = tiny_mailbox(Overflow::Disconnect).max_malformed(1);
        let app = app(config);
        let _idle = ann(&app).await.unwrap();
        app.advance(60 * SECOND);
        ann(&app).await.unwrap().send_text("no frame");
        app.settle();
        let mut unwanted = joined(&app, &["rooms:1"]).await;
        unwanted.push("rooms:1", "begone", json!({}));
        assert_eq!(unwanted.closed().await, Some(1000));
        let _disconnected = ann(&app).await.unwrap();
        app.broadcaster().disconnect("ann");
        app.settle();
        let stalled = joined(&app, &["rooms:1"]).await;
        stalled.pause_reading();
        for _ in 0..4 {
            app.broadcaster().broadcast(("rooms:1", "said"));
        }
        app.settle();
        let stalled_only = joined(&app, &["rooms:2"]).await;
        stalled_only.pause_reading();
        app.broadcaster().broadcast(("rooms:2", "said"));
        app.settle();
        app.advance(30 * SECOND);
        app.advance(5 * SECOND);
        let _restarted = ann(&app).await.unwrap();
        app.shut_down();
        let closed = metrics.of("phx_channels_connections_closed_total");
        let expected = [
            "reason=disconnected 1",
            "reason=idle 1",
            "reason=malformed 1",
            "reason=overflow 1",
            "reason=restart 1",
            "reason=stalled 1",
            "reason=stay_away 1",
        ];
        assert_eq!(closed, expected);
    });
}

#[test]
fn connections_refused_tell_the_reason() {
    counted(|metrics| async move {
        let config = Config::new()
            .subprotocols(["chat"])
            .max_connections(2)
            .max_connections_per_peer(1)
            .connect_timeout(5 * SECOND);
        let app = app(config);
        let refused = || metrics.of("phx_channels_connections_refused_total");
        let as_user = |user: &str| app.connect().param("user", user);
        let peer = Ipv4Addr::LOCALHOST;
        assert!(
            ann(&app)
                .header("origin", "http://evil.example")
                .await
                .is_err()
        );
        assert!(
            ann(&app)
                .header("sec-websocket-protocol", "mail")
                .await
                .is_err()
        );
        assert!(ann(&app).vsn(Some("9.0.0")).await.is_err());
        assert!(app.connect().await.is_err());
        assert!(as_user("eve").await.is_err());
        assert!(as_user("panic").await.is_err());
        let mut slow = pin!(as_user("slow").into_future());
        assert!(poll_once(slow.as_mut()).await.is_none());
        app.advance(5 * SECOND);
        assert!(slow.await.is_err());
        let _one = ann(&app).peer_ip(peer).await.unwrap();
        assert!(ann(&app).peer_ip(peer).await.is_err());
        let _two = ann(&app).await.unwrap();
        assert!(ann(&app).await.is_err());
        app.shut_down();
        assert!(ann(&app).await.is_err());
        let expected = [
            "reason=handler 1",
            "reason=max_connections 1",
            "reason=max_connections_per_peer 1",
            "reason=origin 1",
            "reason=panicked 1",
            "reason=params 1",
            "reason=shutting_down 1",
            "reason=subprotocol 1",
            "reason=timed_out 1",
            "reason=version 1",
        ];
        assert_eq!(refused(), expected);
    });
}

/// The handles are made when the first client comes, not when the channel is.
#[test]
fn a_recorder_may_be_installed_after_the_channel_is_made() {
    let app = plain();
    counted(|metrics| async move {
        let mut client = ann(&app).await.unwrap();
        client.join("rooms:1", json!(null)).await.unwrap_ok();
        assert_eq!(metrics.of("phx_channels_connections"), ["1"]);
        assert_eq!(metrics.of("phx_channels_received_messages_total"), ["1"]);
    });
}
