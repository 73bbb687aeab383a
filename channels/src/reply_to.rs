use crate::{
    conn::ChannelConn,
    extract::FromEvent,
    message::{event::ChannelEvent, reference::Reference},
    reply::Reply,
    socket::Connection,
};
use serde::Serialize;
use std::sync::{Arc, Weak};

/// A reply that is sent later, from anywhere: an argument of an `#[on]` method that returns `()`.
///
/// It can be moved into a task or another thread, and answers the event once, even after the topic
/// has ended (M-5). If the client is gone, the answer is dropped. Dropping it without an answer sends
/// none, and the client's push times out.
///
/// ```
/// # #[cfg(feature = "macros")] {
/// use phx_channels::{ReplyTo, channel};
///
/// struct Reports;
///
/// #[channel]
/// impl Reports {
///     #[join("reports")]
///     async fn join(&self) {}
///
///     #[on("reports", "make")]
///     async fn make(&self, reply: ReplyTo) {
///         std::thread::spawn(move || reply.ok("a long report"));
///     }
/// }
/// # #[cfg(feature = "testing")] {
/// # use phx_channels::testing::TestApp;
/// # use serde_json::json;
/// # futures_lite::future::block_on(async {
/// # let app = TestApp::new(&channel(Reports));
/// # let mut client = app.connect().await.unwrap();
/// # client.join("reports", json!({})).await.unwrap_ok();
/// # assert_eq!(client.call("reports", "make", json!({})).await.unwrap_ok(), "a long report");
/// # }) }
/// # }
/// ```
#[derive(Debug)]
#[must_use = "a client that is not answered waits in vain"]
pub struct ReplyTo {
    connection: Weak<Connection>,
    join_reference: Option<Reference>,
    reference: Option<Reference>,
    topic: Arc<str>,
}

impl ReplyTo {
    /// Answers with status `ok`.
    pub fn ok<T: Serialize + ?Sized>(self, response: &T) {
        self.send(&Reply::ok(response));
    }

    /// Answers with status `error`; a text becomes `{"reason": text}`.
    pub fn error<T: Serialize + ?Sized>(self, response: &T) {
        self.send(&Reply::error(response));
    }

    /// Answers with any status.
    pub fn send(self, reply: &Reply) {
        if let Some(connection) = self.connection.upgrade() {
            let (join_reference, reference) = (&self.join_reference, &self.reference);
            connection.reply(
                join_reference.as_ref(),
                reference.as_ref(),
                &self.topic,
                reply,
            );
            connection.hub().losses.tell();
        }
    }
}

impl FromEvent<'_> for ReplyTo {
    type Rejection = &'static str;

    fn from_event(conn: ChannelConn<'_>, event: &ChannelEvent) -> Result<Self, &'static str> {
        let asked = conn.joined().filter(|_| conn.is_asked());
        let (connection, joined) = asked.ok_or("there is nothing to reply to")?;
        Ok(Self {
            connection: Arc::downgrade(connection),
            join_reference: joined.stamp().cloned(),
            reference: event.reference.clone(),
            topic: Arc::clone(&joined.topic),
        })
    }
}
