//! The captures of the join, in methods whose own patterns do not have them.

use async_channel::{Receiver, Sender};
use futures_lite::future::block_on;
use phx_channels::{
    Broadcaster, ChannelConn, Joined, LeaveReason, channel,
    testing::{TestApp, TestClient},
};
use serde_json::{Value, json};
use std::str::FromStr;

/// Even numbers only, so that not every text is one.
#[derive(Debug)]
struct Seat(u32);

impl FromStr for Seat {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let number = text.parse().map_err(|_| ())?;
        if number % 2 == 0 {
            Ok(Self(number))
        } else {
            Err(())
        }
    }
}

struct Rooms {
    log: Sender<String>,
}

#[derive(Clone)]
struct Closing;

#[derive(serde::Serialize, serde::Deserialize)]
struct Message {
    body: String,
}

#[channel]
impl Rooms {
    #[join("rooms:{room}:{seat}")]
    async fn join(&self, room: &str, seat: Seat) -> Joined<Vec<String>> {
        Joined::new(vec![room.to_owned(), seat.0.to_string()])
    }

    #[join("files:{*path}")]
    async fn open(&self, path: &str) -> Result<usize, ()> {
        Ok(path.len())
    }

    /// In any place, beside a payload, a state and an extractor.
    #[on("rooms:*", "where")]
    async fn place(
        &self,
        seat: Seat,
        conn: ChannelConn<'_>,
        offset: u32,
        room: String,
        state: &mut Vec<String>,
    ) -> Result<Value, ()> {
        state.push(conn.topic().to_owned());
        Ok(json!([room, seat.0 + offset, state]))
    }

    /// One of two is enough, and a method of a narrower pattern has its own besides.
    #[on("rooms:{hall}:*", "hall")]
    async fn hall(&self, hall: &str, room: &str) -> Result<Value, ()> {
        Ok(json!([hall, room]))
    }

    #[on("files:*", "path")]
    async fn path(&self, path: &str) -> Result<String, ()> {
        Ok(path.to_owned())
    }

    /// A payload of another name stays one.
    #[on("files:*", "rename")]
    async fn rename(&self, path: String, to: String) -> Result<Value, ()> {
        Ok(json!([path, to]))
    }

    #[intercept("rooms:*", "new:msg")]
    async fn for_member(&self, message: Message, seat: Seat) -> Option<Message> {
        (seat.0 > 2).then(|| Message {
            body: format!("{} at {}", message.body, seat.0),
        })
    }

    #[info("rooms:*")]
    async fn closing(&self, room: &str, _: Closing, conn: ChannelConn<'_>) {
        conn.push((conn.topic(), "closing", json!({ "room": room })));
    }

    #[leave("rooms:*")]
    async fn left(&self, seat: Seat, reason: LeaveReason, room: &str) {
        self.log
            .try_send(format!("{room} {} {reason:?}", seat.0))
            .unwrap();
    }
}

async fn client() -> (TestApp<Rooms>, TestClient, Broadcaster, Receiver<String>) {
    let (log, logged) = async_channel::unbounded();
    let channel = channel(Rooms { log });
    let broadcaster = channel.broadcaster();
    let app = TestApp::new(&channel);
    let mut client = app.connect().await.unwrap();
    client.join("rooms:red:4", json!({})).await.unwrap_ok();
    client.join("files:a:b", json!({})).await.unwrap_ok();
    (app, client, broadcaster, logged)
}

#[test]
fn an_event_has_the_captures_of_the_join() {
    block_on(async {
        let (_app, mut client, ..) = client().await;
        let reply = client.call("rooms:red:4", "where", 10).await;
        let state = ["red", "4", "rooms:red:4"];
        assert_eq!(reply.unwrap_ok(), json!(["red", 14, state]));
        let reply = client.call("rooms:red:4", "hall", json!({})).await;
        assert_eq!(reply.unwrap_ok(), json!(["red", "red"]));
    });
}

#[test]
fn a_wildcard_of_the_join_is_one_of_its_captures() {
    block_on(async {
        let (_app, mut client, ..) = client().await;
        let reply = client.call("files:a:b", "path", json!({})).await;
        assert_eq!(reply.unwrap_ok(), "a:b");
        let reply = client.call("files:a:b", "rename", "c").await;
        assert_eq!(reply.unwrap_ok(), json!(["a:b", "c"]));
    });
}

#[test]
fn an_interception_has_the_captures_of_the_join() {
    block_on(async {
        let (_app, mut client, broadcaster, _) = client().await;
        client.join("rooms:red:2", json!({})).await.unwrap_ok();
        broadcaster.broadcast(("rooms:red:2", "new:msg", json!({"body": "a"})));
        broadcaster.broadcast(("rooms:red:4", "new:msg", json!({"body": "b"})));
        let message = client.event("rooms:red:4", "new:msg").await;
        assert_eq!(message, json!({"body": "b at 4"}));
        client.assert_quiet();
    });
}

#[test]
fn a_message_from_inside_comes_with_the_captures_of_the_join() {
    block_on(async {
        let (_app, mut client, broadcaster, _) = client().await;
        broadcaster.tell("rooms:red:4", Closing);
        let message = client.event("rooms:red:4", "closing").await;
        assert_eq!(message, json!({"room": "red"}));
    });
}

#[test]
fn a_topic_ends_with_the_captures_of_the_join() {
    block_on(async {
        let (_app, mut client, _, logged) = client().await;
        client.leave("rooms:red:4").await.unwrap_ok();
        assert_eq!(logged.recv().await.unwrap(), "red 4 Left");
    });
}
