//! Who may connect, who may join, and who is shown the door.
//!
//! ```text
//! cargo run --release --example auth
//! ```
//!
//! Connect phoenix.js, or any other Phoenix client, to `ws://127.0.0.1:8080/socket` (`HOST` and `PORT` say
//! otherwise) with `params: {token: "ann-7d1f"}` or `"bob-93c2"`; without one of these tokens the handshake is
//! answered with 403. Both may join `rooms:lobby`, and Ann, who is a moderator, `rooms:staff` as well. There she
//! pushes `kick` with `{user: "bob", reason: "spam"}`, and Bob is out.

use phx_channels::{ChannelConn, ChannelEvent, Event, FromEvent, Refused, channel};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

struct Rooms {
    /// Who has which token. A real application would look into its database, or check a signature.
    tokens: HashMap<&'static str, CurrentUser>,
}

#[derive(Clone)]
struct CurrentUser {
    name: &'static str,
    is_moderator: bool,
}

/// An argument of type `CurrentUser` is whoever has connected. Where there is nobody, the handler does
/// not run, and the client is answered `{"reason":"unauthorized"}`.
impl<'a> FromEvent<'a> for CurrentUser {
    type Rejection = &'static str;

    fn from_event(conn: ChannelConn<'a>, _: &ChannelEvent) -> Result<Self, Self::Rejection> {
        conn.state().cloned().ok_or("unauthorized")
    }
}

/// What the client connects with.
#[derive(Deserialize)]
struct Login {
    token: String,
}

/// What a moderator asks for, what the members of the room are told, and what the one concerned hears.
#[derive(Clone, Serialize, Deserialize, Event)]
#[event("kicked")]
struct Kick {
    user: String,
    reason: String,
}

#[channel]
impl Rooms {
    #[connect]
    async fn connect(&self, conn: ChannelConn<'_>, login: Login) -> Result<(), Refused> {
        let user = self.tokens.get(&*login.token).ok_or_else(Refused::new)?;
        conn.insert_state(user.clone());
        Ok(())
    }

    #[join("rooms:lobby")]
    async fn lobby(&self, user: CurrentUser) -> Result<String, &'static str> {
        Ok(format!("welcome, {}", user.name))
    }

    #[join("rooms:staff")]
    async fn staff(&self, user: CurrentUser) -> Result<(), &'static str> {
        if user.is_moderator {
            Ok(())
        } else {
            Err("moderators only")
        }
    }

    #[on("rooms:*", "kick")]
    async fn kick(
        &self,
        conn: ChannelConn<'_>,
        user: CurrentUser,
        kick: Kick,
    ) -> Result<(), &'static str> {
        if !user.is_moderator {
            return Err("moderators only");
        }
        conn.broadcaster().tell("rooms:lobby", kick);
        Ok(())
    }

    /// Runs for every member of the room. The clients themselves hear nothing of it.
    #[info("rooms:lobby")]
    async fn kicked(&self, conn: ChannelConn<'_>, user: CurrentUser, kick: Kick) {
        if user.name == kick.user {
            conn.push(kick);
            conn.stop();
        }
    }
}

fn rooms() -> Rooms {
    let user = |name, is_moderator| CurrentUser { name, is_moderator };
    Rooms {
        tokens: HashMap::from([
            ("ann-7d1f", user("ann", true)),
            ("bob-93c2", user("bob", false)),
        ]),
    }
}

fn main() {
    trillium_smol::run(channel(rooms()));
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_lite::future::block_on;
    use phx_channels::testing::{TestApp, TestClient};
    use serde_json::json;

    async fn client(app: &TestApp<Rooms>, token: &str) -> Result<TestClient, Refused> {
        app.connect().param("token", token).await
    }

    #[test]
    fn without_a_token_nobody_connects() {
        block_on(async {
            let app = TestApp::new(&channel(rooms()));
            for refused in [client(&app, "made-up").await, app.connect().await] {
                let refused = refused.map(drop).expect_err("connected");
                assert_eq!(u16::from(refused.status()), 403);
            }
        });
    }

    #[test]
    fn staff_is_for_moderators() -> Result<(), Refused> {
        block_on(async {
            let app = TestApp::new(&channel(rooms()));
            let mut ann = client(&app, "ann-7d1f").await?;
            ann.join("rooms:staff", json!({})).await.unwrap_ok();
            let mut bob = client(&app, "bob-93c2").await?;
            let refused = bob.join("rooms:staff", json!({})).await.unwrap_error();
            assert_eq!(refused, json!({"reason": "moderators only"}));
            Ok(())
        })
    }

    #[test]
    fn a_moderator_kicks_a_user() -> Result<(), Refused> {
        block_on(async {
            let app = TestApp::new(&channel(rooms()));
            let mut ann = client(&app, "ann-7d1f").await?;
            let mut bob = client(&app, "bob-93c2").await?;
            for client in [&mut ann, &mut bob] {
                client.join("rooms:lobby", json!({})).await.unwrap_ok();
            }
            let kick = json!({"user": "bob", "reason": "spam"});
            let refused = bob.call("rooms:lobby", "kick", &kick).await.unwrap_error();
            assert_eq!(refused, json!({"reason": "moderators only"}));
            ann.call("rooms:lobby", "kick", &kick).await.unwrap_ok();
            assert_eq!(bob.event("rooms:lobby", "kicked").await, kick);
            bob.event("rooms:lobby", "phx_close").await;
            ann.assert_quiet();
            Ok(())
        })
    }
}
