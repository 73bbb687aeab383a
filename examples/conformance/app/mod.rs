//! The application itself, without where it listens and what it runs on.

mod connect;
mod intercepted;
mod relay;
mod rooms;
mod routes;
mod watched;

use intercepted::Intercepted;
use phx_channels::{Config, OriginPolicy, channel};
use relay::Relay;
use rooms::Rooms;
use routes::Routes;
use std::time::Duration;
use trillium_router::{Router, RouterConnExt};
use watched::Watched;

/// What a run may choose; the rest is as it comes.
#[derive(Clone, Copy, Default)]
pub(crate) struct Settings {
    pub(crate) idle_timeout: Option<Duration>,
    pub(crate) long_poll_window: Option<Duration>,
    pub(crate) max_message_size: Option<usize>,
}

impl Settings {
    /// What all mounts have in common.
    fn config(self) -> Config {
        let mut config = Config::new().origin(OriginPolicy::Any).required(true);
        if let Some(timeout) = self.idle_timeout {
            config = config.idle_timeout(timeout);
        }
        if let Some(window) = self.long_poll_window {
            config = config.long_poll_window(window);
        }
        if let Some(bytes) = self.max_message_size {
            config = config.max_message_size(bytes);
        }
        config
    }
}

/// One socket, mounted in several places that differ in who may come in.
pub(crate) fn mounts(settings: Settings) -> Router {
    let socket = channel((Rooms, Intercepted, Relay, Watched, Routes));
    let listed = [
        "//good.example",
        "https://tls.example",
        "//port.example:8080",
        "//*.wild.example",
    ];
    let config = || settings.config();
    let tenant = config().request_params(|conn| {
        let tenant = conn.param("tenant");
        tenant.map(|tenant| ("tenant".to_owned(), tenant.to_owned()))
    });
    let mounts = [
        ("/socket", config()),
        ("/tenants/:tenant/socket", tenant),
        ("/only_listed", config().origin(OriginPolicy::list(listed))),
        (
            "/only_listed_shared",
            config().origin(OriginPolicy::list(["//good.example"])),
        ),
        (
            "/same_host",
            config().origin(OriginPolicy::list(["//localhost"])),
        ),
        (
            "/same_origin",
            config().origin(OriginPolicy::Strict).hosts(["app.example"]),
        ),
        ("/subproto", config().subprotocols(["chat.v1", "chat.v2"])),
        ("/authtoken", config().auth_token(true)),
    ];
    let mut router = Router::new();
    for (mount, config) in mounts {
        let socket = socket.clone().with_config(config);
        router = router
            .all(format!("{mount}/longpoll"), socket.long_poll())
            .all(format!("{mount}/websocket"), socket);
    }
    router
}
