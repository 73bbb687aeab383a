//! A channel may come out of `macro_rules!`, whatever is a fragment of it.

#![deny(warnings)]

use phx_channels::{ChannelConn, Event, channel};
use serde::{Deserialize, Serialize};

macro_rules! chat {
    ($name:ident, $self_ty:ty, $topic:literal, $event:literal, $payload:ty, $text:ty, $room:ident, $body:block, $output:ty) => {
        struct $name;

        #[channel]
        impl $self_ty {
            #[join($topic)]
            async fn join(&self, $room: $text, conn: ChannelConn<'_>) -> $output {
                let _ = (conn, $room);
                self.helper();
                Ok(())
            }

            #[on($topic, $event)]
            async fn event(&self, room: u8, message: $payload) {
                let _ = (room, message);
                self.helper();
            }

            #[on($topic)]
            async fn other(&self, _room: $text) $body

            fn helper(&self) {
                let _ = self;
            }
        }
    };
}

macro_rules! whole {
    ($item:item) => {
        #[channel]
        $item
    };
}

macro_rules! event {
    ($name:ident, $event:literal) => {
        #[derive(Serialize, Deserialize, Event)]
        #[event($event)]
        struct $name;
    };
}

event!(Ping, "ping");
chat!(Chat, Chat, "rooms:{room}", "new:msg", Vec<Ping>, &str, room, { drop(String::new()) }, Result<(), String>);

struct Whole;

whole! {
    impl Whole {
        #[join("*")]
        async fn join(&self) {}
    }
}

fn main() {
    assert_eq!(Ping::NAME, "ping");
    let _ = (channel(Chat), channel(Whole));
}
