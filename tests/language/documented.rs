//! The programs of those pages in which no line can be hidden: word for word as they stand there, and talked to.
//! The other examples are heard by the hidden lines of their doctests.

use futures_lite::future::block_on;
use phx_channels::testing::{TestApp, TestClient};
use serde_json::json;

const LOBBY: &str = "rooms:lobby";

#[allow(dead_code, reason = "its `main` is for real clients")]
mod readme {
    include!("documented/readme.rs");

    pub(super) fn app() -> super::TestApp<impl phx_channels::ChannelHandler> {
        super::TestApp::new(&channel(Chat))
    }
}

#[allow(dead_code, reason = "its `main` is for real clients")]
mod front_page {
    include!("documented/crate.rs");

    pub(super) fn app() -> super::TestApp<impl phx_channels::ChannelHandler> {
        super::TestApp::new(&channel(Chat))
    }
}

mod phoenix {
    include!("documented/phoenix.rs");

    pub(super) fn app() -> super::TestApp<impl phx_channels::ChannelHandler> {
        super::TestApp::new(&channel(RoomChannel))
    }
}

#[track_caller]
fn assert_shown(page: &str, program: &str) {
    assert!(
        page.contains(program),
        "the page has another program than `tests/language/documented`: copy it there"
    );
}

async fn chats(mut client: TestClient) {
    client.join(LOBBY, json!({})).await.unwrap_ok();
    assert_eq!(client.event(LOBBY, "user:entered").await, json!({}));
    let message = json!({ "user": "Ann", "body": "hi" });
    client.push(LOBBY, "new:msg", &message);
    assert_eq!(client.event(LOBBY, "new:msg").await, message);
}

#[test]
fn the_chat_of_the_readme_is_heard() {
    let page = include_str!("../../README.md");
    assert_shown(page, include_str!("documented/readme.rs"));
    block_on(async {
        let app = readme::app();
        chats(app.connect().await.unwrap()).await;
        let mut client = app.connect().await.unwrap();
        client.join(LOBBY, json!({})).await.unwrap_ok();
        let empty = json!({ "user": "Ann", "body": "" });
        let refused = client.call(LOBBY, "new:msg", empty).await.unwrap_error();
        assert_eq!(refused, json!({ "reason": "empty message" }));
    });
}

#[test]
fn the_chat_of_the_front_page_is_heard() {
    let page = include_str!("../../channels/src/docs/crate.md");
    assert_shown(page, include_str!("documented/crate.rs"));
    block_on(async {
        chats(front_page::app().connect().await.unwrap()).await;
    });
}

#[test]
fn the_channel_beside_that_of_phoenix_is_heard() {
    let page = include_str!("../../docs/PHOENIX.md");
    assert_shown(page, include_str!("documented/phoenix.rs"));
    block_on(async {
        const ROOM: &str = "room:1";
        let app = phoenix::app();
        let (mut ann, mut bob) = (app.connect().await.unwrap(), app.connect().await.unwrap());
        for client in [&mut ann, &mut bob] {
            let joined = client.join(ROOM, json!({})).await.unwrap_ok();
            assert_eq!(joined, json!({ "id": "1" }));
            assert_eq!(client.event(ROOM, "welcome").await, json!({}));
        }
        let mute = json!({ "user": "Eve" });
        bob.call(ROOM, "mute", mute).await.unwrap_ok();
        for (user, heard_by_bob) in [("Eve", false), ("Ann", true)] {
            let message = json!({ "user": user, "body": "hi" });
            ann.call(ROOM, "new_msg", &message).await.unwrap_ok();
            assert_eq!(ann.event(ROOM, "new_msg").await, message);
            if heard_by_bob {
                assert_eq!(bob.event(ROOM, "new_msg").await, message);
            }
            bob.assert_quiet();
        }
        let empty = json!({ "user": "Ann", "body": "" });
        ann.call(ROOM, "new_msg", empty).await.unwrap_error();
        ann.leave(ROOM).await.unwrap_ok();
        bob.event(ROOM, "left").await;
    });
}
