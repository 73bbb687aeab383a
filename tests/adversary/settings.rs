//! How the attacked server is configured.

use phx_channels::{Config, Rate};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// What differs from the defaults, which most attacks are tried on.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Settings {
    pub(crate) idle_timeout: Option<Duration>,
    pub(crate) write_timeout: Option<Duration>,
    pub(crate) close_timeout: Option<Duration>,
    /// Events that a client may send in a minute.
    pub(crate) events_per_minute: Option<u32>,
    /// Connects of an address in a minute.
    pub(crate) connects_per_minute: Option<u32>,
    pub(crate) long_poll_window: Option<Duration>,
    pub(crate) body_timeout: Option<Duration>,
}

impl Settings {
    pub(crate) fn config(&self) -> Config {
        let mut config = Config::new();
        if let Some(timeout) = self.idle_timeout {
            config = config.idle_timeout(timeout);
        }
        if let Some(timeout) = self.write_timeout {
            config = config.write_timeout(timeout);
        }
        if let Some(timeout) = self.close_timeout {
            config = config.close_timeout(timeout);
        }
        if let Some(times) = self.events_per_minute {
            config = config.event_rate(Rate::per_minute(times));
        }
        if let Some(times) = self.connects_per_minute {
            config = config.connect_rate(Rate::per_minute(times));
        }
        if let Some(window) = self.long_poll_window {
            config = config.long_poll_window(window);
        }
        if let Some(timeout) = self.body_timeout {
            config = config.body_timeout(timeout);
        }
        config
    }
}
