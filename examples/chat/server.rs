//! What is around the channel: the page, phoenix.js, and where they are mounted.

use phx_channels::{Channel, ChannelHandler};
use std::{
    env,
    path::{Path, PathBuf},
    process,
};
use trillium::{Conn, Handler, Info, KnownHeaderName};
use trillium_router::Router;
use trillium_static::files;

/// What the page may load: nothing but what is here. People cannot write anything into it that would run, and with
/// this it would not run if they could.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
     img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Serves the socket at `/socket` and the page at `/`.
pub(crate) fn run(socket: Channel<impl ChannelHandler>) {
    env_logger::init();
    let phoenix_js = examples().join("node_modules/phoenix/priv/static");
    if !phoenix_js.exists() {
        eprintln!("phoenix.js is missing; run `npm ci --prefix examples` first");
        process::exit(1);
    }
    let mut config = trillium_smol::config();
    if env::var_os("HOST").is_none() {
        // The default name, localhost, can also mean ::1.
        config = config.with_host("127.0.0.1");
    }
    config.run((trillium::init(print_address), app(socket, phoenix_js)));
}

pub(crate) fn app(socket: Channel<impl ChannelHandler>, phoenix_js: PathBuf) -> impl Handler {
    (
        Router::new().all("/socket/*", socket),
        secure,
        files(examples().join("chat/public")).with_index_file("index.html"),
        files(phoenix_js),
    )
}

/// Tells browsers to take files for what they are said to be, and to load nothing from elsewhere.
async fn secure(conn: Conn) -> Conn {
    conn.with_response_header(KnownHeaderName::XcontentTypeOptions, "nosniff")
        .with_response_header(
            KnownHeaderName::ContentSecurityPolicy,
            CONTENT_SECURITY_POLICY,
        )
        .with_response_header(KnownHeaderName::ReferrerPolicy, "no-referrer")
}

fn examples() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

async fn print_address(info: Info) -> Info {
    if let Some(address) = info.tcp_socket_addr() {
        println!("The chat is at http://{address}");
    }
    info
}
