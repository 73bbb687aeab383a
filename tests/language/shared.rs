//! A handler in an `Arc`, which the rest of the application has a part in.

use futures_lite::future::block_on;
use phx_channels::{ChannelConn, Event, Joined, channel, testing::TestApp};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering::SeqCst},
};

#[derive(Default)]
struct Chat {
    joins: AtomicU32,
    connects: AtomicU32,
}

#[derive(Clone, Serialize, Deserialize, Event)]
#[event("new:msg")]
struct Message {
    body: String,
}

#[channel]
impl Chat {
    #[connect]
    async fn connect(&self) {
        self.connects.fetch_add(1, SeqCst);
    }

    #[join("rooms:{room}")]
    async fn join(&self, room: Arc<str>) -> Joined<Arc<str>> {
        self.joins.fetch_add(1, SeqCst);
        Joined::new(room)
    }

    #[on("rooms:*", "new:msg")]
    async fn new_msg(&self, conn: ChannelConn<'_>, message: Message) {
        conn.broadcast(message);
    }

    #[intercept("rooms:*", "new:msg")]
    async fn for_member(&self, room: &Arc<str>, message: Message) -> Message {
        let body = format!("{room}: {}", message.body);
        Message { body }
    }

    #[info("rooms:*")]
    async fn told(&self, conn: ChannelConn<'_>, message: Message) {
        conn.push((conn.topic(), "told", message));
    }
}

struct Admin;

#[channel]
impl Admin {
    #[join("admin")]
    async fn join(&self) {}
}

#[test]
fn all_of_it_works_behind_an_arc() {
    block_on(async {
        let chat = Arc::new(Chat::default());
        let app = TestApp::new(&channel(Arc::clone(&chat)));
        chats(&chat, &app).await;
    });
}

#[test]
fn an_arc_shares_a_socket_with_others() {
    block_on(async {
        let chat = Arc::new(Chat::default());
        let app = TestApp::new(&channel((Admin, Arc::clone(&chat))));
        chats(&chat, &app).await;
        let mut ann = app.connect().await.unwrap();
        ann.join("admin", json!({})).await.unwrap_ok();
    });
}

#[test]
fn two_sockets_share_one_handler() {
    block_on(async {
        let chat = Arc::new(Chat::default());
        let pages = TestApp::new(&channel(Arc::clone(&chat)));
        let phones = TestApp::new(&channel(Arc::clone(&chat)));
        for app in [pages, phones] {
            let mut client = app.connect().await.unwrap();
            client.join("rooms:1", json!({})).await.unwrap_ok();
        }
        assert_eq!(chat.joins.load(SeqCst), 2);
    });
}

async fn chats(chat: &Chat, app: &TestApp<impl phx_channels::ChannelHandler>) {
    let mut ann = app.connect().await.unwrap();
    ann.join("rooms:1", json!({})).await.unwrap_ok();
    assert_eq!(chat.connects.load(SeqCst), 1);
    assert_eq!(chat.joins.load(SeqCst), 1);

    ann.push("rooms:1", "new:msg", json!({"body": "hi"}));
    let message = ann.event("rooms:1", "new:msg").await;
    assert_eq!(message, json!({"body": "1: hi"}));

    let body = "psst".to_owned();
    app.broadcaster().tell("rooms:1", Message { body });
    let told = ann.event("rooms:1", "told").await;
    assert_eq!(told, json!({"body": "psst"}));

    let refused = ann.join("halls:1", json!({})).await;
    assert_eq!(refused.unwrap_error(), json!({"reason": "unmatched topic"}));
}
