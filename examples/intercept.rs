//! One broadcast, and each member sees something else.
//!
//! ```text
//! cargo run --release --example intercept
//! ```
//!
//! Let several clients join `rooms:lobby` at `ws://127.0.0.1:8080/socket` (`HOST` and `PORT` say otherwise), each
//! with a `{name: "..."}` of its own, and push `new:msg` with `{body: "..."}`. Everyone sees it, the sender marked as
//! `mine`, but for those who have pushed `mute` with the name of the sender.

use phx_channels::{ChannelConn, Event, Joined, channel};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;

struct Chat;

/// What the server keeps for each member of a room.
struct Member {
    name: String,
    muted: HashSet<String>,
}

#[derive(Deserialize)]
struct Join {
    name: String,
}

#[derive(Deserialize)]
struct Draft {
    body: String,
}

#[derive(Serialize, Deserialize, Event)]
#[event("new:msg")]
struct Message {
    user: String,
    body: String,
    /// Not part of what is broadcast: it differs for each member.
    #[serde(default)]
    mine: bool,
}

#[channel]
impl Chat {
    #[join("rooms:*")]
    async fn join(&self, join: Join) -> Joined<Member> {
        Joined::new(Member {
            name: join.name,
            muted: HashSet::new(),
        })
    }

    #[on("rooms:*", "new:msg")]
    async fn new_msg(&self, conn: ChannelConn<'_>, member: &Member, draft: Draft) {
        conn.broadcast(Message {
            user: member.name.clone(),
            body: draft.body,
            mine: false,
        });
    }

    #[on("rooms:*", "mute")]
    async fn mute(&self, member: &mut Member, name: String) -> Result<(), &'static str> {
        if name == member.name {
            return Err("you cannot mute yourself");
        }
        member.muted.insert(name);
        Ok(())
    }

    /// Runs for each member with the state of that member, before the message goes to its client.
    /// `None` keeps it from this one.
    #[intercept("rooms:*", "new:msg")]
    async fn for_member(&self, member: &Member, message: Message) -> Option<Message> {
        let mine = message.user == member.name;
        let is_muted = member.muted.contains(&message.user);
        (!is_muted).then_some(Message { mine, ..message })
    }
}

fn main() {
    trillium_smol::run(channel(Chat));
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_lite::future::block_on;
    use phx_channels::{
        Refused,
        testing::{TestApp, TestClient},
    };
    use serde_json::json;

    const ROOM: &str = "rooms:lobby";

    async fn member(app: &TestApp<Chat>, name: &str) -> Result<TestClient, Refused> {
        let mut client = app.connect().await?;
        client.join(ROOM, json!({ "name": name })).await.unwrap_ok();
        Ok(client)
    }

    #[test]
    fn each_member_sees_its_own_messages_marked() -> Result<(), Refused> {
        block_on(async {
            let app = TestApp::new(&channel(Chat));
            let (mut ann, mut bob) = (member(&app, "ann").await?, member(&app, "bob").await?);
            ann.push(ROOM, "new:msg", json!({"body": "hi"}));
            for (client, mine) in [(&mut ann, true), (&mut bob, false)] {
                let message = json!({"user": "ann", "body": "hi", "mine": mine});
                assert_eq!(client.event(ROOM, "new:msg").await, message);
            }
            Ok(())
        })
    }

    #[test]
    fn nothing_comes_from_who_is_muted() -> Result<(), Refused> {
        block_on(async {
            let app = TestApp::new(&channel(Chat));
            let (mut ann, mut bob) = (member(&app, "ann").await?, member(&app, "bob").await?);
            bob.call(ROOM, "mute", "ann").await.unwrap_ok();
            bob.call(ROOM, "mute", "bob").await.unwrap_error();
            ann.push(ROOM, "new:msg", json!({"body": "hi"}));
            ann.event(ROOM, "new:msg").await;
            bob.assert_quiet();
            Ok(())
        })
    }
}
