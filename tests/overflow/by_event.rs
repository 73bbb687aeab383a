//! Events whose type has a policy of its own: strokes of a board and its cursors.

use crate::app::{hang, messages, read_on};
use futures_lite::future::block_on;
use phx_channels::{
    ChannelConn, Event, Pusher, channel,
    testing::{TestApp, TestClient},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

#[derive(Serialize, Deserialize, Event)]
#[event("n")]
struct Stroke {
    n: u32,
}

#[derive(Clone, Serialize, Deserialize, Event)]
#[event("cursor", overflow = latest)]
struct Cursor {
    n: u32,
}

#[derive(Serialize, Event)]
#[event("n", overflow = disconnect)]
struct Sure {
    n: u32,
}

struct Board;

#[channel]
impl Board {
    #[join("sure:*")]
    async fn sure(&self) {}

    #[join("oldest:*", overflow = drop_oldest)]
    async fn oldest(&self) {}

    #[join("changed:*", overflow = drop_newest)]
    async fn changed(&self) {}

    #[on("*", "draw")]
    async fn draw(&self, conn: ChannelConn<'_>, pusher: Pusher) {
        conn.broadcast(Stroke { n: 0 });
        conn.broadcast(Cursor { n: 1 });
        pusher.broadcast(Stroke { n: 2 });
        pusher.broadcast(Cursor { n: 3 });
    }

    #[intercept("changed:*", "cursor")]
    async fn hundred_more(&self, cursor: Cursor) -> Value {
        json!({ "n": cursor.n + 100 })
    }
}

/// A client with a mailbox for this many messages, which has joined the topic and hangs.
async fn hanging(mailbox: usize, topic: &str) -> (TestApp<Board>, TestClient) {
    let app = TestApp::new(&channel(Board).with_config(messages(mailbox)));
    let mut client = app.connect().await.unwrap();
    client.join(topic, json!({})).await.unwrap_ok();
    hang(&client);
    (app, client)
}

#[test]
fn of_cursors_the_last_one_waits_and_of_strokes_all() {
    block_on(async {
        let (app, mut client) = hanging(4, "sure:1").await;
        let broadcaster = app.broadcaster();
        for n in 0..3 {
            broadcaster.broadcast(("sure:1", Stroke { n }));
            broadcaster.broadcast(("sure:1", Cursor { n }));
        }
        let heard = read_on(&mut client).await;
        assert_eq!(heard, ["sure 0", "sure 1", "sure 2", "sure cursor"]);
        assert_eq!(broadcaster.stats().dropped_latest, 2);
    });
}

#[test]
fn a_stroke_takes_the_place_of_a_cursor_and_one_too_many_disconnects() {
    block_on(async {
        let (app, mut client) = hanging(2, "sure:1").await;
        app.broadcaster().broadcast(("sure:1", Cursor { n: 0 }));
        for n in 0..2 {
            app.broadcaster().broadcast(("sure:1", Stroke { n }));
        }
        let heard = read_on(&mut client).await;
        assert_eq!(heard, ["sure 0", "sure 1"]);

        let (app, mut client) = hanging(2, "sure:1").await;
        for n in 0..3 {
            app.broadcaster().broadcast(("sure:1", Stroke { n }));
        }
        assert_eq!(read_on(&mut client).await, ["1013"]);
    });
}

#[test]
fn an_event_that_must_not_be_lost_is_not_dropped_where_the_join_drops() {
    block_on(async {
        let (app, mut client) = hanging(2, "oldest:1").await;
        for n in 0..3 {
            app.broadcaster().broadcast(("oldest:1", Sure { n }));
        }
        assert_eq!(read_on(&mut client).await, ["1013"]);

        // Written as a tuple, the same event has the policy of the join.
        let (app, mut client) = hanging(2, "oldest:1").await;
        for n in 0..3 {
            let payload = json!({ "n": n });
            app.broadcaster().broadcast(("oldest:1", "n", &payload));
        }
        let heard = read_on(&mut client).await;
        assert_eq!(heard, ["oldest 1", "oldest 2"]);
    });
}

#[test]
fn handlers_and_tasks_send_by_the_policy_of_the_event() {
    block_on(async {
        let (_app, mut client) = hanging(10, "sure:1").await;
        client.push("sure:1", "draw", json!({}));
        client.settle();
        let heard = read_on(&mut client).await;
        assert_eq!(heard, ["sure 0", "sure 2", "sure cursor"]);
    });
}

#[test]
fn what_a_handler_makes_of_a_broadcast_keeps_the_policy_of_the_event() {
    block_on(async {
        // The join drops the newest; of cursors it is the newest that stays.
        let (app, mut client) = hanging(10, "changed:1").await;
        for n in 0..3 {
            app.broadcaster().broadcast(("changed:1", Cursor { n }));
        }
        app.settle();
        client.resume_reading();
        assert_eq!(client.event("changed:1", "cursor").await["n"], 102);
        client.message().await;
        client.assert_quiet();
    });
}

#[test]
fn a_broadcast_that_does_not_fit_into_the_inbox_goes_by_the_policy_of_the_event() {
    block_on(async {
        let app = TestApp::new(&channel(Board).with_config(messages(2)));
        let mut client = app.connect().await.unwrap();
        client.join("changed:1", json!({})).await.unwrap_ok();
        // The handler has no turn in between.
        for n in 0..3 {
            app.broadcaster().broadcast(("changed:1", Cursor { n }));
        }
        assert_eq!(app.broadcaster().stats().dropped_latest, 1);
        assert_eq!(client.event("changed:1", "cursor").await["n"], 101);
    });
}
