#![no_main]

use phx_channels::{ChannelHandler, channel};

/// Patterns of all kinds that overlap.
struct Everything;

#[channel]
impl Everything {
    #[join("rooms:lobby")]
    async fn literal(&self) {}

    #[join("rooms:{room}")]
    async fn capture(&self, _room: &str) {}

    #[join("rooms:{room}:members:{member}")]
    async fn captures(&self, _room: &str, _member: &str) {}

    #[join("rooms:*")]
    async fn wildcard(&self) {}

    #[join("rooms:lob*")]
    async fn prefix(&self) {}

    #[join("food*")]
    async fn food(&self) {}

    #[join("{first}:{second}:{*rest}")]
    async fn two(&self, _first: &str, _second: &str, _rest: &str) {}

    #[join("a/b:{c}")]
    async fn slash(&self, _c: &str) {}

    #[on("*", "anything")]
    async fn anything(&self) {}

    #[on("rooms:{room}:{*rest}", "more")]
    async fn more(&self, _room: &str, _rest: &str) {}
}

libfuzzer_sys::fuzz_target!(|topic: &str| {
    let router = Everything
        .router()
        .expect("a declared channel has a router");
    phx_channels::fuzzing::topic(router, topic);
});
