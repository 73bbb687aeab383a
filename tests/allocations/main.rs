//! Getting an event to its method allocates nothing, but for the boxed future that `async_trait` makes
//! of every call.
//!
//! A test binary of its own, because it counts with an allocator of its own.

#![allow(
    clippy::unwrap_used,
    reason = "a test that panics has failed, which is what it is for"
)]

use futures_lite::future::block_on;
use phx_channels::{
    __private::{Router, Routes},
    ChannelConn, ChannelEvent, ChannelHandler, Joined, async_trait, channel,
    testing::TestApp,
};
use serde_json::{Value, json};
use std::{
    hint::black_box,
    task::{Context, Waker},
};

struct Lobby;

#[channel]
impl Lobby {
    #[join("rooms:lobby")]
    async fn join(&self) {}

    #[join("rooms:{room}:seats:{seat}")]
    async fn sit(&self, _room: &str, _seat: u32) -> Joined<u64> {
        Joined::new(0)
    }

    #[on("rooms:lobby", "ping")]
    async fn ping(&self) {}

    #[on("rooms:lobby", "count")]
    async fn count(&self, conn: ChannelConn<'_>, number: u32) {
        black_box((conn.topic(), number));
    }

    #[on("rooms:*", "anywhere")]
    async fn anywhere(&self, number: u32) {
        black_box(number);
    }

    #[on("rooms:*")]
    async fn other(&self, number: u32) {
        black_box(number);
    }

    #[on("rooms:{room}:seats:{seat}", "take")]
    async fn take(&self, room: &str, seat: u32, taken: &mut u64, number: u32) {
        *taken += 1;
        black_box((room, seat, number));
    }

    /// The proof that something is counted.
    #[on("rooms:lobby", "text")]
    async fn text(&self, text: String) {
        drop(text);
    }
}

/// Calls the inner handler with an event, and replies how often that has allocated.
struct Counting(Lobby);

#[async_trait]
impl ChannelHandler for Counting {
    async fn join_channel(&self, conn: ChannelConn<'_>, event: ChannelEvent) {
        self.0.join_channel(conn, event).await;
    }

    async fn incoming_message(&self, conn: ChannelConn<'_>, event: ChannelEvent) {
        let inner = event.clone();
        let counted = allocation_counter::measure(|| {
            let mut cx = Context::from_waker(Waker::noop());
            let call = self.0.incoming_message(conn, inner).as_mut().poll(&mut cx);
            assert!(call.is_ready(), "none of these handlers waits");
        });
        conn.reply_ok(&event, &counted.count_total).await;
    }

    fn router(&self) -> Option<&'static Router> {
        self.0.router()
    }

    fn routes(&self, topic: &str) -> Routes {
        self.0.routes(topic)
    }
}

/// How often an event allocates from its frame on: its payload, its call, and the future of its handler.
const ON_THE_WHOLE_WAY: u64 = 3;

/// How often an event allocates on its way, once everything that is made on first use is there.
fn allocations(topic: &str, event: &str, payload: &Value) -> Value {
    block_on(async {
        let app = TestApp::new(&channel(Counting(Lobby)));
        let mut client = app.connect().await.unwrap();
        client.join(topic, json!({})).await.unwrap_ok();
        client.call(topic, event, payload).await.unwrap_ok();
        client.call(topic, event, payload).await.unwrap_ok()
    })
}

#[test]
fn an_event_allocates_its_future_and_nothing_else() {
    for (topic, event) in [
        ("rooms:lobby", "ping"),
        ("rooms:lobby", "count"),
        // Found behind patterns that are more specific.
        ("rooms:lobby", "anywhere"),
        ("rooms:lobby", "whatever"),
        // Captures are read from the topic as it is, and the state is lent.
        ("rooms:lobby:seats:7", "take"),
    ] {
        let count = allocations(topic, event, &json!(7));
        assert_eq!(count, json!(1), "`{event}` on `{topic}`");
    }
}

/// The whole way, from the frame to the reply. It is the same number with `metrics` and `tracing` and
/// without: where nobody watches, watching needs no memory.
#[test]
fn watching_allocates_nothing_where_nobody_watches() {
    let counts = block_on(async {
        let app = TestApp::new(&channel(Lobby));
        let mut client = app.connect().await.unwrap();
        client.join("rooms:lobby", json!({})).await.unwrap_ok();
        let mut counts = Vec::new();
        for _ in 0..3 {
            client.push("rooms:lobby", "count", 7);
            counts.push(allocation_counter::measure(|| app.settle()).count_total);
        }
        counts
    });
    assert_eq!(counts[1..], [ON_THE_WHOLE_WAY; 2]);
}

#[test]
fn a_payload_that_needs_memory_is_counted() {
    assert_eq!(allocations("rooms:lobby", "text", &json!("hi")), json!(2));
}
