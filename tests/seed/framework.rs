//! A crate that gets this one from a framework, which exports it. It has no dependency of the name
//! `phx_channels`, so each path of an expansion has to begin where `crate = path` says.

#![allow(
    clippy::unwrap_used,
    reason = "a test that panics has failed, which is what it is for"
)]

use framework::channels::{ChannelConn, Event, Joined, Refused, channel, testing::TestApp};
use futures_lite::future::block_on;
use serde::{Deserialize, Serialize};
use serde_json::json;

struct Chat;

#[derive(Default)]
struct Count(u64);

#[derive(Clone, Serialize, Deserialize, Event)]
#[event("new:msg", crate = framework::channels)]
struct Message {
    body: String,
}

#[derive(Serialize, Event)]
#[event(crate = framework::channels)]
struct UserEntered<T> {
    room: T,
}

#[channel(crate = framework::channels)]
impl Chat {
    #[connect]
    async fn connect(&self) -> Result<(), Refused> {
        Ok(())
    }

    #[join("rooms:{room}")]
    async fn join(&self, room: &str, conn: ChannelConn<'_>) -> Joined<Count> {
        conn.push(UserEntered { room });
        Joined::new(Count::default())
    }

    #[on("rooms:{_room}", "new:msg")]
    async fn new_msg(
        &self,
        _room: u8,
        message: Message,
        count: &mut Count,
        conn: ChannelConn<'_>,
    ) -> Result<u64, ()> {
        conn.broadcast(message);
        count.0 += 1;
        Ok(count.0)
    }

    #[intercept("rooms:*", "new:msg")]
    async fn for_member(&self, message: Message, count: &Count) -> Option<Message> {
        (count.0 < 2).then_some(message)
    }

    #[info("rooms:*")]
    async fn told(&self, conn: ChannelConn<'_>, message: Message) {
        conn.push((conn.topic(), "told", message));
    }

    #[leave("rooms:*")]
    async fn leave(&self) {}

    #[disconnect]
    async fn gone(&self) {}
}

#[test]
fn it_chats() {
    block_on(async {
        let chat = channel(Chat);
        let app = TestApp::new(&chat);
        let mut ann = app.connect().await.unwrap();
        ann.join("rooms:1", json!({})).await.unwrap_ok();
        let entered = ann.event("rooms:1", "user_entered").await;
        assert_eq!(entered, json!({"room": "1"}));

        let message = json!({"body": "hi"});
        let count = ann.call("rooms:1", "new:msg", &message).await;
        assert_eq!(count.unwrap_ok(), json!(1));
        assert_eq!(ann.event("rooms:1", "new:msg").await, message);
        let count = ann.call("rooms:1", "new:msg", &message).await;
        assert_eq!(count.unwrap_ok(), json!(2));
        ann.assert_quiet();

        let body = "from inside".to_owned();
        chat.broadcaster().tell("rooms:1", Message { body });
        let told = ann.event("rooms:1", "told").await;
        assert_eq!(told, json!({"body": "from inside"}));
        ann.leave("rooms:1").await.unwrap_ok();
    });
}
