//! `intercepted:*`: a broadcast that each member gets in its own way, or not at all.

use super::connect::User;
use phx_channels::{ChannelConn, Payload, channel};
use serde_json::{Map, Value, json};

pub(crate) struct Intercepted;

#[channel]
impl Intercepted {
    #[join("intercepted:*")]
    async fn join(&self) {}

    #[on("intercepted:*", "tagged")]
    async fn tagged(&self, conn: ChannelConn<'_>, payload: Payload) {
        conn.broadcast((conn.topic(), "tagged", payload));
    }

    #[on("intercepted:*", "tagged_from")]
    async fn tagged_from(&self, conn: ChannelConn<'_>, payload: Payload) {
        conn.broadcast_from((conn.topic(), "tagged", payload));
    }

    #[on("intercepted:*", "plain")]
    async fn plain(&self, conn: ChannelConn<'_>, payload: Payload) {
        conn.broadcast((conn.topic(), "plain", payload));
    }

    #[intercept("intercepted:*", "tagged")]
    async fn tag(
        &self,
        User(user): User,
        mut tag: Map<String, Value>,
    ) -> Option<Map<String, Value>> {
        let user = json!(user);
        if tag.get("skip") == Some(&user) {
            return None;
        }
        tag.insert("for".into(), user);
        Some(tag)
    }
}
