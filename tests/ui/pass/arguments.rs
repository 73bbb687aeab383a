//! Every way to write an argument, in any order.

#![deny(warnings)]

use phx_channels::{ChannelConn, ChannelEvent, FromEvent, Payload, channel};
use serde::Deserialize;

#[derive(Deserialize)]
struct Message {
    body: String,
}

type Alias = Message;
type Conn<'a> = ChannelConn<'a>;

mod models {
    pub type Pairs = Vec<(String, u32)>;
}

struct CurrentUser(String);

impl<'a> FromEvent<'a> for CurrentUser {
    type Rejection = &'static str;

    fn from_event(conn: ChannelConn<'a>, _: &ChannelEvent) -> Result<Self, Self::Rejection> {
        conn.topic().split(':').next_back().map(|name| Self(name.to_owned())).ok_or("nobody")
    }
}

struct Borrowing<'a>(ChannelConn<'a>);

impl<'a> FromEvent<'a> for Borrowing<'a> {
    type Rejection = &'static str;

    fn from_event(conn: ChannelConn<'a>, _: &ChannelEvent) -> Result<Self, Self::Rejection> {
        Ok(Self(conn))
    }
}

struct Chat;

#[channel]
impl Chat {
    #[join("a:{x}:{y}")]
    async fn join(&self, y: u64, conn: Conn<'_>, x: &str) {
        let _ = (x, y, conn);
    }

    #[on("a:{x}:{y}", "none")]
    async fn none(&self, _x: &str, _y: &str) {}

    #[on("a:{x}:{y}", "destructured")]
    async fn destructured(&self, Message { body }: Message, x: String, _y: &str) {
        drop((body, x));
    }

    #[on("a:{x}:{y}", "mutable")]
    async fn mutable(&self, mut message: Alias, mut x: String, mut y: u64) {
        message.body.push_str(&x);
        x.clear();
        y += 1;
        drop((message, x, y));
    }

    #[on("a:*", "placeholder")]
    async fn placeholder(&self, _: Conn<'_>, _: models::Pairs) {}

    #[on("a:*", "tuple")]
    async fn tuple(&self, (first, second): (String, u32)) {
        drop((first, second));
    }

    #[on("a:*", "array")]
    async fn array(&self, [third]: [bool; 1]) {
        let _ = third;
    }

    // `x` is the capture, so `_x` is not.
    #[on("a:{x}:{_y}", "underscores")]
    async fn underscores(&self, x: &str, _x: Payload, _y: &str) {
        let _ = x;
    }

    #[on("a:*", "user")]
    async fn user(&self, CurrentUser(name): CurrentUser, Borrowing(conn): Borrowing<'_>) {
        drop((name, conn.topic()));
    }

    #[on("a:*", "std")]
    async fn nested(&self, map: std::collections::BTreeMap<String, Option<Box<[u8]>>>) {
        drop(map);
    }
}

fn main() {
    let _ = channel(Chat);
}
