use crate::message::payload::{Outline, Payload};
use serde::Serialize;

/// What an `#[intercept]` method may return: the payload that this member gets.
///
/// `Option` is for those who may get none: `None` keeps the broadcast from this member.
///
/// An intercepted broadcast takes its turn among the handlers of the topic. What goes straight to the client
/// may arrive before it, though it was sent later: a broadcast that is not intercepted, a push, a reply.
/// Intercepted broadcasts keep their order among themselves.
///
/// ```
/// # #[cfg(feature = "macros")] {
/// use phx_channels::{ChannelConn, channel};
/// use serde::{Deserialize, Serialize};
///
/// #[derive(Serialize, Deserialize)]
/// struct Message {
///     user: String,
///     body: String,
/// }
///
/// struct Muted(Vec<String>);
///
/// struct Chat;
///
/// #[channel]
/// impl Chat {
///     #[join("rooms:*")]
///     async fn join(&self) {}
///
///     #[intercept("rooms:*", "new:msg")]
///     async fn new_msg(&self, conn: ChannelConn<'_>, message: Message) -> Option<Message> {
///         let muted = conn.state::<Muted>();
///         let is_muted = muted.is_some_and(|Muted(users)| users.contains(&message.user));
///         (!is_muted).then_some(message)
///     }
/// }
/// # #[cfg(feature = "testing")] {
/// # use phx_channels::testing::TestApp;
/// # use serde_json::json;
/// # futures_lite::future::block_on(async {
/// # let app = TestApp::new(&channel(Chat));
/// # let mut ann = app.connect().await.unwrap();
/// # let mut bob = app.connect().state(Muted(vec!["Eve".into()])).await.unwrap();
/// # ann.join("rooms:lobby", json!({})).await.unwrap_ok();
/// # bob.join("rooms:lobby", json!({})).await.unwrap_ok();
/// # let message = json!({ "user": "Eve", "body": "hi" });
/// # app.broadcaster().broadcast(("rooms:lobby", "new:msg", &message));
/// # assert_eq!(ann.event("rooms:lobby", "new:msg").await, message);
/// # bob.assert_quiet();
/// # }) }
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the return type of an `#[intercept]` method",
    label = "not a payload",
    note = "return the payload for this member, with `#[derive(serde::Serialize)]`, or an `Option` of it"
)]
pub trait IntoPush {
    /// The payload, or `None` for a member that gets none.
    fn into_push(self) -> Option<Payload>;
}

#[diagnostic::do_not_recommend]
impl<T: Serialize> IntoPush for T {
    fn into_push(self) -> Option<Payload> {
        match Outline::of(&self) {
            Outline::Absent => None,
            outline => Payload::outlined(&self, outline)
                .inspect_err(|error| {
                    log::error!("not sent: `{}` {error}", std::any::type_name::<T>());
                })
                .ok(),
        }
    }
}
