use async_channel::Sender;
use futures_lite::future::block_on;
use phx_channels::{
    ChannelConn, ChannelEvent, FromEvent, LeaveReason, Refused, channel, testing::TestApp,
};
use serde::Deserialize;
use serde_json::json;
use trillium::Status;

/// Reports what it is told about its clients.
struct Life {
    log: Sender<String>,
}

#[derive(Deserialize)]
struct Login {
    name: String,
}

#[derive(Clone)]
struct User(String);

impl<'a> FromEvent<'a> for User {
    type Rejection = &'static str;

    fn from_event(conn: ChannelConn<'a>, _: &ChannelEvent) -> Result<Self, &'static str> {
        conn.state::<User>().cloned().ok_or("unauthorized")
    }
}

#[channel]
impl Life {
    #[connect]
    async fn connect(&self, conn: ChannelConn<'_>, login: Login) -> Result<(), Refused> {
        if login.name == "mallory" {
            return Err(Refused::with_status(Status::Unauthorized));
        }
        self.log(format!("connect {}", login.name));
        conn.insert_state(User(login.name));
        Ok(())
    }

    #[join("rooms:*")]
    async fn join(&self, User(name): User) -> Result<String, &'static str> {
        Ok(name)
    }

    #[join("quiet:*")]
    async fn quiet(&self) {}

    #[on("rooms:*", "boom")]
    async fn boom(&self) {
        panic!("boom")
    }

    #[leave("rooms:{room}")]
    async fn left(&self, conn: ChannelConn<'_>, room: &str, reason: LeaveReason, user: User) {
        conn.push((conn.topic(), "goodbye"));
        self.log(format!("leave {room} {} {reason:?}", user.0));
    }

    #[disconnect]
    async fn disconnect(&self, User(name): User) {
        self.log(format!("disconnect {name}"));
    }

    fn log(&self, line: String) {
        self.log.try_send(line).unwrap();
    }
}

#[test]
fn hs_2_connect_is_asked_first() {
    block_on(async {
        let (log, lines) = async_channel::unbounded();
        let app = TestApp::new(&channel(Life { log }));
        let refused = app.connect().param("name", "mallory").await.unwrap_err();
        assert_eq!(refused.status(), Status::Unauthorized);
        // An argument that cannot be had refuses as well.
        let refused = app.connect().await.unwrap_err();
        assert_eq!(refused.status(), Status::Forbidden);
        assert!(lines.is_empty());

        let mut ann = app.connect().param("name", "ann").await.unwrap();
        assert_eq!(
            ann.join("rooms:1", json!({})).await.unwrap_ok(),
            json!("ann")
        );
        assert_eq!(lines.recv().await.unwrap(), "connect ann");
    });
}

#[test]
fn a_leave_is_told_whatever_the_cause() {
    block_on(async {
        let (log, lines) = async_channel::unbounded();
        let app = TestApp::new(&channel(Life { log }));
        let mut ann = app.connect().param("name", "ann").await.unwrap();
        lines.recv().await.unwrap();
        for topic in ["rooms:1", "rooms:2", "rooms:3", "quiet:1"] {
            ann.join(topic, json!({})).await.unwrap_ok();
        }

        ann.leave("rooms:1").await.unwrap_ok();
        assert_eq!(lines.recv().await.unwrap(), "leave 1 ann Left");
        // What the method pushes comes behind the close (L-1b).
        assert_eq!(ann.message().await.event, "phx_close");
        assert_eq!(ann.message().await.event, "goodbye");

        ann.push("rooms:2", "boom", json!({}));
        ann.event("rooms:2", "phx_error").await;
        assert_eq!(lines.recv().await.unwrap(), "leave 2 ann Crashed");

        // A leave of a topic without a method is fine.
        ann.leave("quiet:1").await.unwrap_ok();

        drop(ann);
        app.settle();
        assert_eq!(lines.recv().await.unwrap(), "leave 3 ann Closed");
        assert_eq!(lines.recv().await.unwrap(), "disconnect ann");
        assert!(lines.is_empty());
    });
}
