//! The application that is watched.

use phx_channels::{
    Binary, ChannelConn, ChannelEvent, Close, Config, Joined, Overflow, Refused, Reply, channel,
    testing::{Connect, TestApp, TestClient},
};
use serde::Deserialize;
use serde_json::{Value, json};
use std::{future::pending, time::Duration};
use trillium::Status;

pub(crate) struct Rooms;

#[derive(Deserialize)]
struct Login {
    user: String,
}

/// What a member is told.
#[derive(Clone)]
pub(crate) struct Tick;

#[channel]
impl Rooms {
    #[connect]
    async fn connect(&self, conn: ChannelConn<'_>, login: Login) -> Result<(), Refused> {
        match &*login.user {
            "eve" => return Err(Refused::with_status(Status::Unauthorized)),
            "panic" => panic!("a connect handler panics on purpose"),
            "slow" => pending().await,
            user => conn.set_id(user),
        }
        Ok(())
    }

    /// A number, or else the next pattern takes it.
    #[join("rooms:{number}")]
    async fn numbered(&self, number: u32) -> Joined<u32> {
        Joined::new(number)
    }

    #[join("rooms:*")]
    async fn named(&self, conn: ChannelConn<'_>, wish: Option<String>) -> Result<(), &'static str> {
        match wish.as_deref() {
            Some("no") => return Err("no"),
            Some("panic") => panic!("a join panics on purpose"),
            Some("slow") => pending().await,
            Some("hear") => conn.subscribe("elsewhere"),
            _ => {}
        }
        Ok(())
    }

    #[on("rooms:*", "say")]
    async fn say(&self, conn: ChannelConn<'_>, said: Value) -> Result<Value, ()> {
        tracing::info!("said");
        conn.broadcast((conn.topic(), "said", &said));
        Ok(said)
    }

    #[on("rooms:*", "whisper")]
    async fn whisper(&self, conn: ChannelConn<'_>) {
        conn.broadcast_from((conn.topic(), "said"));
    }

    #[on("rooms:*", "number")]
    async fn number(&self, number: u32) -> Result<u32, &'static str> {
        if number == 0 { Err("zero") } else { Ok(number) }
    }

    #[on("rooms:*", "seldom", rate = "1/m")]
    async fn seldom(&self) -> Reply {
        Reply::ok(&())
    }

    #[on("rooms:*", "panic")]
    async fn panic(&self) {
        panic!("a handler panics on purpose");
    }

    #[on("rooms:*", "slow")]
    async fn slow(&self) {
        pending::<()>().await;
    }

    #[on("rooms:*", "begone")]
    async fn begone(&self, conn: ChannelConn<'_>) {
        conn.close(Close::StayAway);
    }

    /// Takes whatever comes to numbered rooms.
    #[on("rooms:{number}")]
    async fn other(&self, number: u32) -> Result<u32, ()> {
        Ok(number)
    }

    #[intercept("rooms:*", "bytes")]
    async fn bytes(&self, bytes: Binary<Vec<u8>>) -> Binary<Vec<u8>> {
        bytes
    }

    #[info("rooms:*")]
    async fn tick(&self, _: Tick) {}

    #[info("rooms:*")]
    async fn heard(&self, _: ChannelEvent) {}

    #[leave("rooms:*")]
    async fn left(&self) {}

    #[join("oldest:*", overflow = drop_oldest)]
    async fn oldest(&self) {}

    #[join("newest:*", overflow = drop_newest)]
    async fn newest(&self) {}

    #[join("latest:*", overflow = latest)]
    async fn latest(&self) {}
}

pub(crate) fn app(config: Config) -> TestApp<Rooms> {
    TestApp::new(&channel(Rooms).with_config(config))
}

pub(crate) fn plain() -> TestApp<Rooms> {
    app(Config::new())
}

pub(crate) fn ann(app: &TestApp<Rooms>) -> Connect<'_, Rooms> {
    app.connect().param("user", "ann")
}

/// A client in these topics.
pub(crate) async fn joined(app: &TestApp<Rooms>, topics: &[&str]) -> TestClient {
    let mut client = ann(app).await.unwrap();
    for topic in topics {
        client.join(topic, json!(null)).await.unwrap_ok();
    }
    client
}

pub(crate) const SECOND: Duration = Duration::from_secs(1);

/// A policy has a name of its own in metrics.
pub(crate) fn tiny_mailbox(overflow: Overflow) -> Config {
    Config::new().mailbox(2, 1 << 20).overflow(overflow)
}
