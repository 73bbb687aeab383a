#![doc = include_str!("docs/crate.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

#[doc(hidden)]
pub mod __private;
mod admission;
mod arc;
mod broadcaster;
mod channel;
mod clock;
mod close;
mod config;
mod conn;
mod end;
mod extract;
#[cfg(fuzzing)]
#[doc(hidden)]
pub mod fuzzing;
mod handler;
mod hub;
mod info;
mod join;
mod limits;
mod logging;
mod losses;
mod message;
mod outgoing;
mod overflow;
mod params;
mod push;
mod pusher;
mod refused;
mod reply;
mod reply_to;
mod scratch;
mod shutdown;
mod socket;
mod stats;
mod sync;
mod task;
#[cfg(feature = "testing")]
pub mod testing;
mod topic;
mod transport;
mod tuple;
mod watch;
mod wire;

pub use admission::origin::{OriginFunction, OriginList, OriginPolicy};
pub use async_trait::async_trait;
pub use broadcaster::Broadcaster;
pub use channel::{Channel, channel};
pub use config::Config;
pub use conn::ChannelConn;
pub use end::{Close, LeaveReason};
pub use extract::{FromEvent, InvalidPayload, Never, ViaEvent, ViaPayload};
pub use handler::ChannelHandler;
pub use info::Info;
pub use join::{IntoJoin, Joined};
pub use limits::{Rate, RateBy};
pub use message::binary::Binary;
pub use message::error::Error;
pub use message::event::{Addressed, ChannelEvent, Event, IntoEvent};
pub use message::payload::Payload;
pub use message::reference::Reference;
pub use overflow::{Overflow, Overflowed};
pub use params::{InvalidParams, Params};
pub use push::IntoPush;
pub use pusher::Pusher;
pub use refused::{IntoConnect, Refused};
pub use reply::{IntoReply, Reply};
pub use reply_to::ReplyTo;
pub use stats::{Stats, TopicStats};
pub use task::Task;
pub use transport::longpoll::LongPoll;
#[cfg(feature = "tracing")]
pub use watch::PayloadFilter;

/// Derives [`Event`](trait@Event), the name of the event that a payload type belongs to.
///
/// `#[event("new:msg")]` says the name; without it, it is the type's name in `snake_case`. The type
/// must be `Serialize`, and encode as a JSON object.
///
/// ```
/// use phx_channels::Event;
///
/// #[derive(serde::Serialize, Event)]
/// struct UserEntered {
///     user: String,
/// }
///
/// assert_eq!(UserEntered::NAME, "user_entered");
/// ```
#[cfg(feature = "macros")]
pub use phx_channels_macros::Event;
#[doc = include_str!("docs/channel.md")]
#[cfg(feature = "macros")]
pub use phx_channels_macros::channel;

/// The examples of the README, compiled.
#[cfg(all(doctest, feature = "macros"))]
#[doc = include_str!("../../README.md")]
struct Readme;

/// The example of the page on origins, compiled.
#[cfg(doctest)]
#[doc = include_str!("../../docs/ORIGINS.md")]
struct Origins;

/// The example of the page for people who come from Phoenix, compiled.
#[cfg(all(doctest, feature = "macros"))]
#[doc = include_str!("../../docs/PHOENIX.md")]
struct Phoenix;
