//! What is around the channel: the page, phoenix.js, and where they are mounted.

use phx_channels::{Channel, ChannelHandler};
use std::{env, path::Path, process};
use trillium::Info;
use trillium_router::Router;
use trillium_static::files;

/// Serves the socket at `/socket` and the page at `/`.
pub(crate) fn run(socket: Channel<impl ChannelHandler>) {
    env_logger::init();
    let examples = Path::new(env!("CARGO_MANIFEST_DIR"));
    let phoenix_js = examples.join("node_modules/phoenix/priv/static");
    if !phoenix_js.exists() {
        eprintln!("phoenix.js is missing; run `npm ci --prefix examples` first");
        process::exit(1);
    }
    let mut config = trillium_smol::config();
    if env::var_os("HOST").is_none() {
        // The default name, localhost, can also mean ::1.
        config = config.with_host("127.0.0.1");
    }
    config.run((
        trillium::init(print_address),
        Router::new().all("/socket/*", socket),
        files(examples.join("chat/public")).with_index_file("index.html"),
        files(phoenix_js),
    ));
}

async fn print_address(info: Info) -> Info {
    if let Some(address) = info.tcp_socket_addr() {
        println!("The chat is at http://{address}");
    }
    info
}
