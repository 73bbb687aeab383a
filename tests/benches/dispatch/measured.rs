//! A handler around another one, to call it where it can be called: inside of a handler, with the
//! connection of a client that has joined.

use super::{EVENTS, TOPICS};
use futures_lite::future::block_on;
use phx_channels::{
    __private::{Router, Routes},
    ChannelConn, ChannelEvent, ChannelHandler, async_trait, channel,
    testing::{TestApp, TestClient},
};
use serde_json::json;
use std::time::Instant;

/// Hands events of its own to the inner handler, as often as it is told, when it gets one.
struct Measured<H> {
    inner: H,
    events: u32,
}

#[async_trait]
impl<H: ChannelHandler> ChannelHandler for Measured<H> {
    async fn join_channel(&self, conn: ChannelConn<'_>, event: ChannelEvent) {
        self.inner.join_channel(conn, event).await;
    }

    async fn incoming_message(&self, conn: ChannelConn<'_>, event: ChannelEvent) {
        let payload = json!({"id": 7, "body": "hello there"});
        let own = EVENTS.map(|name| ChannelEvent::new(conn.topic(), name, &payload));
        let start = Instant::now();
        for _ in 0..self.events {
            for own in own.iter().flatten() {
                self.inner.incoming_message(conn, own.clone()).await;
            }
        }
        let nanoseconds = start.elapsed().as_secs_f64() * 1e9;
        conn.reply_ok(&event, &nanoseconds).await;
    }

    fn router(&self) -> Option<&'static Router> {
        self.inner.router()
    }

    fn routes(&self, topic: &str) -> Routes {
        self.inner.routes(topic)
    }
}

/// A client of a measured handler that has joined all topics.
pub(crate) struct Measurement {
    client: TestClient,
    events: u32,
}

impl Measurement {
    pub(crate) fn new<H: ChannelHandler>(inner: H, events: u32) -> Self {
        let app = TestApp::new(&channel(Measured { inner, events }));
        let client = block_on(async {
            let mut client = app.connect().await.unwrap();
            for topic in TOPICS {
                client.join(topic, json!({})).await.unwrap_ok();
            }
            client
        });
        Self { client, events }
    }

    /// What one event costs, over all topics and events.
    pub(crate) fn nanoseconds(&mut self) -> f64 {
        let client = &mut self.client;
        let total: f64 = TOPICS
            .iter()
            .map(|topic| {
                let reply = block_on(client.call(topic, "measure", json!({})));
                reply.unwrap_ok().as_f64().unwrap()
            })
            .sum();
        let routes = f64::from(u32::try_from(TOPICS.len() * EVENTS.len()).unwrap());
        total / (f64::from(self.events) * routes)
    }
}
