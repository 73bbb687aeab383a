mod admission;
mod internet;
mod limits;
mod overflow;
mod rates;
mod timeouts;

use crate::{
    admission::origin::{Hosts, OriginPolicy},
    limits::{QueueLimits, Rate, RateBy},
    overflow::{OnOverflow, Overflow},
    watch::Payloads,
};
use admission::RequestParams;
use std::time::Duration;

/// How a socket behaves. The defaults are safe: start from them and change what you must.
///
/// ```
/// # use phx_channels::{channel, ChannelConn, ChannelEvent, ChannelHandler};
/// use phx_channels::{Config, OriginPolicy};
/// use std::time::Duration;
/// # struct Chat;
/// # #[phx_channels::async_trait]
/// # impl ChannelHandler for Chat {
/// #     async fn join_channel(&self, _: ChannelConn<'_>, _: ChannelEvent) {}
/// # }
///
/// let chat = channel(Chat).with_config(
///     Config::new()
///         .origin(OriginPolicy::Any)
///         .max_topics(10)
///         .idle_timeout(Duration::from_secs(120)),
/// );
/// ```
#[derive(Clone, Debug)]
#[must_use = "a configuration does nothing until it is given to a channel"]
pub struct Config {
    pub(crate) origin: OriginPolicy,
    pub(crate) hosts: Hosts,
    pub(crate) subprotocols: Vec<String>,
    pub(crate) auth_token: bool,
    pub(crate) request_params: Option<RequestParams>,
    pub(crate) required: bool,
    pub(crate) max_topics: usize,
    pub(crate) max_tasks: usize,
    pub(crate) max_name_length: usize,
    pub(crate) max_reference_size: usize,
    pub(crate) max_message_size: usize,
    pub(crate) max_malformed: u32,
    pub(crate) idle_timeout: Duration,
    pub(crate) close_timeout: Duration,
    pub(crate) long_poll_window: Duration,
    pub(crate) body_timeout: Duration,
    pub(crate) max_polling_sessions_per_peer: usize,
    pub(crate) topic_queue: usize,
    pub(crate) mailbox: QueueLimits,
    pub(crate) connection_budget: Option<usize>,
    pub(crate) max_outgoing_size: usize,
    pub(crate) write_timeout: Duration,
    pub(crate) connect_timeout: Duration,
    pub(crate) handler_timeout: Option<Duration>,
    pub(crate) shutdown_spread: Duration,
    pub(crate) shutdown_timeout: Duration,
    pub(crate) exit_after: Option<Duration>,
    pub(crate) max_connections: usize,
    pub(crate) max_connections_per_peer: usize,
    pub(crate) connect_rate: Option<Rate>,
    pub(crate) join_rate: Option<Rate>,
    pub(crate) event_rate: Option<Rate>,
    pub(crate) rate_by: RateBy,
    pub(crate) control_rate: Rate,
    pub(crate) overflow: Overflow,
    pub(crate) on_overflow: Option<OnOverflow>,
    pub(crate) payloads: Payloads,
}

impl Config {
    /// The defaults.
    pub fn new() -> Self {
        Self {
            origin: OriginPolicy::SameOrigin,
            hosts: Hosts::default(),
            subprotocols: Vec::new(),
            auth_token: false,
            request_params: None,
            required: false,
            max_topics: 100,
            max_tasks: 128,
            max_name_length: 255,
            max_reference_size: 256,
            max_message_size: 1024 * 1024,
            max_malformed: 10,
            idle_timeout: Duration::from_mins(1),
            close_timeout: Duration::from_secs(5),
            long_poll_window: Duration::from_secs(10),
            body_timeout: Duration::from_secs(10),
            max_polling_sessions_per_peer: 500,
            topic_queue: 128,
            mailbox: QueueLimits {
                frames: 8192,
                bytes: 4 * 1024 * 1024,
            },
            connection_budget: None,
            max_outgoing_size: 16 * 1024 * 1024,
            write_timeout: Duration::from_secs(30),
            connect_timeout: Duration::from_secs(10),
            handler_timeout: None,
            shutdown_spread: Duration::from_secs(2),
            shutdown_timeout: Duration::from_secs(3),
            exit_after: None,
            max_connections: usize::MAX,
            max_connections_per_peer: usize::MAX,
            connect_rate: None,
            join_rate: None,
            event_rate: None,
            rate_by: RateBy::Client,
            control_rate: Rate::per_second(10).burst(256),
            overflow: Overflow::Disconnect,
            on_overflow: None,
            payloads: Payloads::default(),
        }
    }
}

impl Default for Config {
    fn default() -> Self {
        Self::new()
    }
}
