//! How the attacked server is configured.

use phx_channels::Config;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// What differs from the defaults, which most attacks are tried on.
#[allow(clippy::struct_field_names, reason = "named as the settings are")]
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Settings {
    pub(crate) idle_timeout: Option<Duration>,
    pub(crate) write_timeout: Option<Duration>,
    pub(crate) close_timeout: Option<Duration>,
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
        config
    }
}
