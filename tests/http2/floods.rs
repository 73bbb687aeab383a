//! Clients that send pings over HTTP/2 and read no pongs: a stream takes what the server writes to it, whether or not it is
//! read, so that nothing but the server itself can say when it is enough.

use crate::{
    client::Http2,
    server::{SOCKET, Server},
    websocket::{Frame, WebSocket},
};
use phx_channels::{Config, Rate};
use serde_json::json;
use std::time::{Duration, Instant};

/// How long anything may take before a test says that it does not happen.
const PATIENCE: Duration = Duration::from_mins(1);
/// More than the server ever takes before the flood ends: the windows of HTTP/2, which are trillium's, of 2 MiB for a
/// connection and 1 MiB for a stream, and what is read of them while the connection ends, which takes longer where the
/// machine is busy. A flood that nobody ends comes to as much in any case.
const TAKEN: usize = 32 * 1024 * 1024;

/// What an attacker reads when its flood has been ended, with an innocent client on a connection of its own beside it.
fn flood(config: &Config, is_end: impl Fn(Frame) -> bool) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    for server in Server::on_each_runtime_with(config) {
        runtime.block_on(async {
            let http2 = Http2::connect(&server).await;
            let mut innocent = WebSocket::open(&http2, SOCKET).await;
            innocent.join("rooms:1").await;
            let attackers = Http2::connect(&server).await;
            let mut attacker = WebSocket::open(&attackers, SOCKET).await;
            attacker.join("rooms:2").await;
            assert_eq!(server.broadcaster.stats().connections, 2);
            let started = Instant::now();
            let pings = attacker.ping_up_to(TAKEN, || {
                assert!(started.elapsed() < PATIENCE, "the flood is never ended");
                server.broadcaster.stats().connections == 2
            });
            let answered = async {
                for n in 0..100 {
                    innocent.send(&json!(["1", "2", "rooms:1", "say", {"n": n}]));
                    let said = json!([null, null, "rooms:1", "said", {"n": n}]);
                    assert_eq!(innocent.receive().await, Frame::Text(said));
                }
            };
            let (taken, ()) = futures_lite::future::zip(pings, answered).await;
            assert!(taken < TAKEN, "{taken} bytes of pings were taken");
            let end = loop {
                match attacker.receive().await {
                    Frame::Pong => {}
                    end => break end,
                }
            };
            assert!(is_end(end));
            drop((attacker, innocent));
            server.end().await;
        });
    }
}

#[test]
fn of_pings_are_closed() {
    flood(&Config::new(), |end| end == Frame::Close(1008));
}

/// Where pings are not limited, no more of them are read than are answered.
#[test]
fn of_pings_without_a_limit_stall() {
    let config = Config::new()
        .control_rate(Rate::per_second(1_000_000))
        .write_timeout(Duration::from_secs(1))
        .close_timeout(Duration::from_secs(1));
    flood(&config, |end| {
        matches!(end, Frame::Close(1013) | Frame::End)
    });
}
