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

mod app;

use app::Settings;
use std::{env, process, str::FromStr, time::Duration};

fn main() {
    env_logger::init();
    let app = app::mounts(Settings {
        idle_timeout: variable("WS_TIMEOUT_MS").map(Duration::from_millis),
        long_poll_window: variable("LP_WINDOW_MS").map(Duration::from_millis),
        max_message_size: variable("WS_MAX_FRAME_BYTES"),
    });
    match env::var("RUNTIME").as_deref() {
        Ok("tokio") => trillium_tokio::run(app),
        Ok("smol") | Err(_) => trillium_smol::run(app),
        Ok(other) => {
            eprintln!("RUNTIME is `{other}`; there are `smol` and `tokio`");
            process::exit(1);
        }
    }
}

fn variable<T: FromStr>(name: &str) -> Option<T> {
    let value = env::var(name).ok()?;
    let Ok(parsed) = value.parse() else {
        eprintln!("{name} is `{value}`, which cannot be right");
        process::exit(1);
    };
    Some(parsed)
}
