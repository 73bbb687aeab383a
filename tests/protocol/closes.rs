//! C-2, C-3: connections that the application closes, and socket ids.

use futures_lite::future::block_on;
use phx_channels::{
    ChannelConn, Close, LeaveReason, channel,
    testing::{Frame, TestApp, TestClient},
};
use serde::Deserialize;
use serde_json::json;

struct Users {
    left: async_channel::Sender<LeaveReason>,
}

#[derive(Deserialize)]
struct Login {
    user: Option<String>,
}

#[channel]
impl Users {
    #[connect]
    async fn connect(&self, conn: ChannelConn<'_>, login: Login) {
        // Too early: there is nothing to close yet.
        conn.close(Close::Disconnect);
        if let Some(user) = login.user {
            conn.set_id(format!("users:{user}"));
        }
    }

    #[join("rooms:*")]
    async fn join(&self, conn: ChannelConn<'_>) {
        // Too late: the id of a connection does not change.
        conn.set_id("users:nobody");
    }

    #[on("rooms:*", "close")]
    async fn close(&self, conn: ChannelConn<'_>, how: String) -> Result<(), ()> {
        conn.push((conn.topic(), "before"));
        conn.close(match &*how {
            "restart" => Close::Restart,
            "stay:away" => Close::StayAway,
            _ => Close::Disconnect,
        });
        conn.push((conn.topic(), "after"));
        Ok(())
    }

    #[leave("rooms:*")]
    async fn left(&self, reason: LeaveReason) {
        self.left.try_send(reason).unwrap();
    }
}

struct Fixture {
    app: TestApp<Users>,
    left: async_channel::Receiver<LeaveReason>,
}

fn fixture() -> Fixture {
    let (sender, left) = async_channel::unbounded();
    let app = TestApp::new(&channel(Users { left: sender }));
    Fixture { app, left }
}

async fn user(app: &TestApp<Users>, name: &str) -> TestClient {
    app.connect().param("user", name).await.unwrap()
}

#[test]
fn c_2_all_connections_with_an_id_are_closed_and_no_other() {
    block_on(async {
        let Fixture { app, left } = fixture();
        let mut first = user(&app, "ann").await;
        let mut second = user(&app, "ann").await;
        let mut other = user(&app, "bob").await;
        let mut nameless = app.connect().await.unwrap();
        for client in [&mut first, &mut other, &mut nameless] {
            client.join("rooms:1", json!({})).await.unwrap_ok();
        }
        // This is queued, and so it comes.
        app.broadcaster().broadcast(("rooms:1", "bye"));
        app.broadcaster().disconnect("users:ann");
        app.broadcaster().disconnect("users:nobody");
        app.broadcaster().broadcast(("rooms:1", "too:late"));
        first.event("rooms:1", "bye").await;
        // No phx_close: the connection goes with all of its channels.
        assert_eq!(first.frame().await, Frame::Close(1001));
        // It has joined nothing.
        assert_eq!(second.frame().await, Frame::Close(1001));
        assert_eq!(left.recv().await.unwrap(), LeaveReason::Closed);
        for client in [&mut other, &mut nameless] {
            client.event("rooms:1", "too:late").await;
        }
    });
}

/// A message on a topic of that name is none of its business.
#[test]
fn c_2c_broadcasts_do_not_disconnect() {
    block_on(async {
        let Fixture { app, .. } = fixture();
        let mut ann = user(&app, "ann").await;
        ann.join("rooms:1", json!({})).await.unwrap_ok();
        app.broadcaster().broadcast(("users:ann", "disconnect"));
        app.broadcaster().disconnect("users:bob");
        ann.assert_quiet();
    });
}

#[test]
fn c_2_an_id_goes_with_its_connection() {
    block_on(async {
        let Fixture { app, .. } = fixture();
        drop(user(&app, "ann").await);
        app.settle();
        let app_says = format!("{app:?}");
        assert!(app_says.contains("sockets: 0"), "{app_says}");
    });
}

#[test]
fn c_3_a_handler_closes_the_connection() {
    block_on(async {
        for (how, code) in [("disconnect", 1001), ("restart", 1012), ("stay:away", 1000)] {
            let Fixture { app, left } = fixture();
            let mut client = app.connect().await.unwrap();
            client.join("rooms:1", json!({})).await.unwrap_ok();
            client.push("rooms:1", "close", how);
            client.event("rooms:1", "before").await;
            // Neither the reply nor what is sent after the decision.
            assert_eq!(client.frame().await, Frame::Close(code), "{how}");
            assert_eq!(left.recv().await.unwrap(), LeaveReason::Closed);
        }
    });
}
