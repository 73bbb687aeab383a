//! An application with a topic or an event for everything that the protocol has: what conformance
//! suites for Phoenix servers talk to. It also shows how what Phoenix can do is said here.
//!
//! ```text
//! PORT=4100 cargo run --release --example conformance
//! ```
//!
//! `HOST` and `PORT` say where it listens, `RUNTIME` (`smol` or `tokio`) what it runs on, `WS_TIMEOUT_MS`
//! how long a client may be silent, `LP_WINDOW_MS` how long a poll waits, and `WS_MAX_FRAME_BYTES` how much a
//! client may send at once.

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
use std::{env, process, str::FromStr, time::Duration};
use trillium_router::{Router, RouterConnExt};
use watched::Watched;

/// What all mounts have in common.
fn config() -> Config {
    let mut config = Config::new().origin(OriginPolicy::Any).required(true);
    if let Some(milliseconds) = variable("WS_TIMEOUT_MS") {
        config = config.idle_timeout(Duration::from_millis(milliseconds));
    }
    if let Some(milliseconds) = variable("LP_WINDOW_MS") {
        config = config.long_poll_window(Duration::from_millis(milliseconds));
    }
    if let Some(bytes) = variable("WS_MAX_FRAME_BYTES") {
        config = config.max_message_size(bytes);
    }
    config
}

fn variable<T: FromStr>(name: &str) -> Option<T> {
    let value = env::var(name).ok()?;
    let Ok(parsed) = value.parse() else {
        eprintln!("{name} is `{value}`, which cannot be right");
        process::exit(1);
    };
    Some(parsed)
}

/// One socket, mounted in several places that differ in who may come in.
fn mounts() -> Router {
    let socket = channel((Rooms, Intercepted, Relay, Watched, Routes));
    let listed = [
        "//good.example",
        "https://tls.example",
        "//port.example:8080",
        "//*.wild.example",
    ];
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
        ("/same_origin", config().origin(OriginPolicy::Strict)),
        ("/subproto", config().subprotocols(["chat.v1", "chat.v2"])),
        ("/authtoken", config().auth_token(true)),
    ];
    mounts
        .into_iter()
        .fold(Router::new(), |router, (mount, config)| {
            let socket = socket.clone().with_config(config);
            router
                .all(format!("{mount}/longpoll"), socket.long_poll())
                .all(format!("{mount}/websocket"), socket)
        })
}

fn main() {
    env_logger::init();
    match env::var("RUNTIME").as_deref() {
        Ok("tokio") => trillium_tokio::run(mounts()),
        Ok("smol") | Err(_) => trillium_smol::run(mounts()),
        Ok(other) => {
            eprintln!("RUNTIME is `{other}`; there are `smol` and `tokio`");
            process::exit(1);
        }
    }
}
