//! `watched:<rest>`, whose end is reported on `watch:<rest>`.

use phx_channels::{ChannelConn, Joined, LeaveReason, channel};
use serde::{Deserialize, Serialize};

pub(crate) struct Watched;

/// What the join says, and the end repeats.
#[derive(Deserialize)]
struct Tag {
    tag: Option<String>,
}

#[derive(Serialize)]
struct Terminated<'a> {
    reason: &'static str,
    tag: &'a Option<String>,
}

#[channel]
impl Watched {
    #[join("watched:*")]
    async fn watched(&self, tag: Tag) -> Joined<Tag> {
        Joined::new(tag)
    }

    #[join("watch:*")]
    async fn watch(&self) {}

    #[on("*", "ping")]
    async fn ping(&self) -> Result<(), ()> {
        Ok(())
    }

    #[on("watched:*", "stop")]
    async fn stop(&self, conn: ChannelConn<'_>) {
        conn.stop();
    }

    #[on("watched:*", "boom")]
    async fn boom(&self) {
        panic!("boom");
    }

    #[leave("watched:{*rest}")]
    async fn ended(&self, conn: ChannelConn<'_>, rest: &str, reason: LeaveReason, own: &Tag) {
        let Tag { tag } = own;
        if tag.as_deref() == Some("push") {
            conn.push((conn.topic(), "goodbye"));
        }
        let reason = match reason {
            LeaveReason::Left => "left",
            LeaveReason::Stopped => "normal",
            LeaveReason::Crashed => "error",
            LeaveReason::Replaced => "replaced",
            _ => "closed",
        };
        let terminated = Terminated { reason, tag };
        conn.broadcast((format!("watch:{rest}"), "terminated", terminated));
    }
}
