use crate::{
    conn::ChannelConn,
    info::Info,
    logging::Quoted,
    message::event::ChannelEvent,
    topic::{Declared, Router, Routes},
};
use async_trait::async_trait;

/// What a server does with its clients, written by hand.
///
/// `#[channel]` writes this trait from an `impl` block and checks more; implement it yourself where
/// topics and events are not known when the program is compiled.
///
/// Handlers of one joined topic run strictly one at a time and in the order of the messages;
/// handlers of different topics run concurrently. They run inside the task of their connection, so
/// one that blocks its thread holds up other connections too. A panic ends the joined topic with
/// `phx_error` and nothing else (E-1). Handlers run to their end when the client disconnects; only a
/// second join of the same topic cuts one off (J-7).
///
/// ```
/// use phx_channels::{ChannelConn, ChannelEvent, ChannelHandler, async_trait, channel};
///
/// struct Chat;
///
/// #[async_trait]
/// impl ChannelHandler for Chat {
///     async fn join_channel(&self, conn: ChannelConn<'_>, event: ChannelEvent) {
///         if event.topic() == "rooms:lobby" {
///             conn.allow_join(&event, &()).await;
///             conn.broadcast(("rooms:lobby", "user:entered"));
///         }
///     }
///
///     async fn incoming_message(&self, conn: ChannelConn<'_>, event: ChannelEvent) {
///         if event.event() == "new:msg" {
///             conn.broadcast(event);
///         }
///     }
/// }
///
/// let handler = channel(Chat);
/// # #[cfg(feature = "testing")] {
/// # use phx_channels::testing::TestApp;
/// # use serde_json::json;
/// # futures_lite::future::block_on(async {
/// # let app = TestApp::new(&handler);
/// # let mut client = app.connect().await.unwrap();
/// # client.join("rooms:lobby", json!({})).await.unwrap_ok();
/// # client.event("rooms:lobby", "user:entered").await;
/// # client.push("rooms:lobby", "new:msg", json!({ "body": "hi" }));
/// # assert_eq!(client.event("rooms:lobby", "new:msg").await, json!({ "body": "hi" }));
/// # }) }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a channel handler",
    label = "not a channel handler",
    note = "put `#[channel]` on an `impl` block of your own type, with a `#[join]` method",
    note = "two to eight channels share a socket as a tuple, and more as a tuple of tuples; an `Arc` of a channel is one as well"
)]
#[async_trait]
pub trait ChannelHandler: Sized + Send + Sync + 'static {
    /// A client wants to join a topic. Call [`ChannelConn::allow_join`] or
    /// [`ChannelConn::refuse_join`]; doing neither refuses the join as "unmatched topic" (J-4).
    /// There is no default, so that nobody lets everyone in by accident.
    async fn join_channel(&self, conn: ChannelConn<'_>, event: ChannelEvent);

    /// A client wants to connect. Runs on the HTTP request, before the upgrade:
    /// [`ChannelConn::refuse`] refuses it. By default everyone may connect.
    async fn connect(&self, conn: ChannelConn<'_>) {
        let _ = conn;
    }

    /// A joined topic ends, whatever the cause; [`ChannelConn::leave_reason`] tells. `event` is the
    /// client's `phx_leave`, or one without references where the client did not ask.
    ///
    /// A leave cannot be refused: one that is not answered with [`ChannelConn::allow_leave`] is
    /// answered `{}` when this method returns. The default does just that.
    async fn leave_channel(&self, conn: ChannelConn<'_>, event: ChannelEvent) {
        conn.allow_leave(&event, &()).await;
    }

    /// A client that has joined the topic sent an event. By default nothing happens.
    async fn incoming_message(&self, conn: ChannelConn<'_>, event: ChannelEvent) {
        let _ = (conn, event);
    }

    /// A broadcast that [`ChannelConn::intercept`] keeps from going straight to the client: push what
    /// this client is to get, or nothing (P-4). By default it is passed on as it is, by the
    /// [`Overflow`](crate::Overflow) policy of the topic; what is pushed instead is never dropped.
    ///
    /// It takes its turn among the other handlers of the topic. So broadcasts that are not intercepted
    /// may overtake it.
    async fn handle_out(&self, conn: ChannelConn<'_>, event: ChannelEvent) {
        conn.pass_on(event);
    }

    /// A message from inside the application: one that was told, with
    /// [`Pusher::tell`](crate::Pusher::tell) or [`Broadcaster::tell`](crate::Broadcaster::tell), or a
    /// broadcast of a topic that this one subscribed to (P-7). By default it is logged as an error,
    /// for someone expects that it is handled.
    async fn handle_info(&self, conn: ChannelConn<'_>, info: Info) {
        unhandled_info(conn, &info);
    }

    /// The client is gone and all its topics have ended.
    async fn disconnect(&self, conn: ChannelConn<'_>) {
        let _ = conn;
    }

    /// The patterns of a `#[channel]` block. Written by the macro.
    #[doc(hidden)]
    fn router(&self) -> Option<&'static Router> {
        None
    }

    /// Which declared patterns match a topic.
    #[doc(hidden)]
    fn routes(&self, topic: &str) -> Routes {
        match self.router() {
            Some(router) => router.routes(topic),
            None => Routes::Undeclared,
        }
    }

    /// All declared patterns, to find those that collide.
    #[doc(hidden)]
    fn declared(&self) -> Vec<Declared> {
        let patterns = self.router().map_or(&[] as &[_], Router::patterns);
        let handler = std::any::type_name::<Self>();
        let declared = patterns.iter().map(|pattern| Declared { handler, pattern });
        declared.collect()
    }
}

/// No method takes the message: somebody told it in vain.
pub fn unhandled_info(conn: ChannelConn<'_>, info: &Info) {
    log::error!(
        "a message of type `{}` was lost: no `#[info]` method of {} takes it",
        info.type_name(),
        Quoted(conn.topic())
    );
}
