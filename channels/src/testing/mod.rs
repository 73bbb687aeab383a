//! An in-memory client for tests: the real decoder, loop and hub, without a port (feature
//! `testing`).
//!
//! A [`TestApp`] serves a channel, and each [`TestClient`] is one connection to it. Nothing runs in
//! the background: whatever a client waits for drives all connections of the app, on the thread of
//! the test and under any runtime. So "nothing comes" is a fact here and not a matter of waiting
//! long enough.
//!
//! What runs when, and by which clock:
//!
//! | what | when |
//! |---|---|
//! | connections, handlers, and the tasks of [`ChannelConn::spawn`](crate::ChannelConn::spawn) | while a client waits for something, and in [`TestApp::settle`] and [`TestApp::advance`] |
//! | the timeouts and rates of [`Config`](crate::Config), and the timers of [`ChannelConn::after`](crate::ChannelConn::after) | by the clock of the app, which stands still but for [`TestApp::advance`] and [`TestApp::jump`] |
//! | threads, and what a handler or task waits for that is not of this crate, such as `tokio::time::sleep` or a database | by themselves, in real time, and in the runtime that the test itself runs in, if they need one |
//! | the ten seconds after which a [`TestClient`] that waits in vain fails the test | in real time |
//!
//! ```
//! use phx_channels::{ChannelConn, ChannelEvent, ChannelHandler, async_trait, channel};
//! use phx_channels::testing::TestApp;
//! use serde_json::json;
//!
//! struct Chat;
//!
//! #[async_trait]
//! impl ChannelHandler for Chat {
//!     async fn join_channel(&self, conn: ChannelConn<'_>, event: ChannelEvent) {
//!         conn.allow_join(&event, &()).await;
//!     }
//!     async fn incoming_message(&self, conn: ChannelConn<'_>, event: ChannelEvent) {
//!         conn.broadcast(event);
//!     }
//! }
//!
//! # futures_lite::future::block_on(async {
//! let app = TestApp::new(&channel(Chat));
//! let mut ann = app.connect().await?;
//! let mut bob = app.connect().await?;
//! ann.join("rooms:lobby", json!({})).await.unwrap_ok();
//! bob.join("rooms:lobby", json!({})).await.unwrap_ok();
//!
//! ann.push("rooms:lobby", "new:msg", json!({"body": "hi"}));
//! assert_eq!(bob.event("rooms:lobby", "new:msg").await, json!({"body": "hi"}));
//! ann.event("rooms:lobby", "new:msg").await;
//! ann.assert_quiet();
//! # Ok::<_, phx_channels::Refused>(())
//! # }).unwrap();
//! ```

mod app;
mod client;
mod fault;
mod message;
mod patience;
mod pipe;
mod timer;

pub use app::{Connect, TestApp};
pub use client::{Frame, PushRef, TestClient};
pub use fault::Fault;
pub use message::{Message, TestReply};
