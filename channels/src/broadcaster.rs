use crate::{
    event::{Addressed, outgoing},
    hub::Hub,
};
use std::sync::Arc;

/// Sends to the members of a topic from anywhere in the application.
///
/// Get one from [`Channel::broadcaster`](crate::Channel::broadcaster) or from
/// [`ChannelConn::broadcaster`](crate::ChannelConn::broadcaster). Cloning it is cheap.
///
/// ```
/// # use phx_channels::{channel, ChannelConn, ChannelEvent, ChannelHandler};
/// # struct Chat;
/// # #[phx_channels::async_trait]
/// # impl ChannelHandler for Chat {
/// #     async fn join_channel(&self, _: ChannelConn<'_>, _: ChannelEvent) {}
/// # }
/// let chat = channel(Chat);
/// let broadcaster = chat.broadcaster();
/// std::thread::spawn(move || broadcaster.broadcast(("rooms:lobby", "server:restarting")));
/// ```
#[derive(Clone, Debug)]
pub struct Broadcaster {
    hub: Arc<Hub>,
}

impl Broadcaster {
    pub(crate) fn new(hub: Arc<Hub>) -> Self {
        Self { hub }
    }

    /// Sends an event to every member of its topic (P-2).
    ///
    /// Never waits and never fails: what cannot be encoded is logged as an error. A member that
    /// does not keep up is disconnected, see [`Config`](crate::Config).
    pub fn broadcast(&self, event: impl Addressed) {
        // The event names its own topic; this one is never looked at.
        if let Some(event) = outgoing(event, &Arc::from("")) {
            self.hub.broadcast(&event);
        }
    }
}
