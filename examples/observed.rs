//! A channel whose operator sees what goes on: metrics for Prometheus, spans in the log.
//!
//! ```text
//! cargo run --release --example observed
//! ```
//!
//! Join `rooms:lobby` with phoenix.js, or any other Phoenix client, at `ws://127.0.0.1:8080/socket/websocket`
//! (`HOST` and `PORT` say otherwise), push `new:msg` with `{body: "hi"}`, and look at
//! <http://127.0.0.1:9464/metrics>, which is a listener of its own (`METRICS_PORT`): who may join a room is not therefore
//! told how the server is. In the terminal there is a line for each handshake, join and connection
//! that ends, with what the handlers say themselves. What is pushed is not shown, for `trace_payloads` is not
//! called; see `config` for what it would look like.

use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};
use phx_channels::{Channel, ChannelConn, Config, Event, PayloadFilter, channel};
use serde::{Deserialize, Serialize};
use std::{env, thread, time::Duration};
use tracing_subscriber::fmt::format::FmtSpan;
use trillium::{Conn, Handler, KnownHeaderName};
use trillium_router::Router;

struct Rooms;

#[derive(Serialize, Deserialize, Event)]
#[event("new:msg")]
struct Message {
    body: String,
}

#[channel]
impl Rooms {
    #[join("rooms:{room}")]
    async fn join(&self, room: &str) {
        // In the span `join` of this topic, which is in that of the connection.
        tracing::info!(room, "somebody enters");
    }

    #[on("rooms:*", "new:msg")]
    async fn new_msg(&self, conn: ChannelConn<'_>, message: Message) -> Result<(), &'static str> {
        if message.body.is_empty() {
            return Err("empty message");
        }
        conn.broadcast(message);
        Ok(())
    }
}

/// What Prometheus reads.
fn metrics(prometheus: PrometheusHandle) -> impl Handler {
    Router::new().get("/metrics", move |conn: Conn| {
        let text = prometheus.render();
        async move {
            conn.with_response_header(
                KnownHeaderName::ContentType,
                "text/plain; version=0.0.4; charset=utf-8",
            )
            .ok(text)
        }
    })
}

/// What everybody reaches.
fn public(rooms: Channel<Rooms>) -> impl Handler {
    Router::new().all("/socket/websocket", rooms)
}

/// `METRICS_PORT`, or 9464.
fn metrics_port() -> u16 {
    let port = env::var("METRICS_PORT").ok();
    port.and_then(|port| port.parse().ok()).unwrap_or(9464)
}

/// With `PAYLOADS=yes` the log shows what clients send, but for what is secret.
fn config() -> Config {
    let config = Config::new();
    match env::var("PAYLOADS").as_deref() {
        Ok("yes") => config.trace_payloads(PayloadFilter::new()),
        _ => config,
    }
}

/// Collects metrics in memory. Handlers are sorted by how long they take, in seconds.
fn prometheus() -> Result<PrometheusBuilder, BuildError> {
    PrometheusBuilder::new().set_buckets_for_metric(
        Matcher::Full("phx_channels_handler_seconds".to_owned()),
        &[0.000_1, 0.001, 0.01, 0.1, 1.0, 10.0],
    )
}

/// Has the metrics sorted now and then, also while nobody reads them.
fn keep_up(prometheus: PrometheusHandle) {
    thread::spawn(move || {
        loop {
            thread::sleep(Duration::from_secs(5));
            prometheus.run_upkeep();
        }
    });
}

fn main() -> Result<(), BuildError> {
    // Events are spans of the level `DEBUG`, which would be a line for each of them.
    tracing_subscriber::fmt()
        .with_max_level(tracing::Level::INFO)
        .with_span_events(FmtSpan::CLOSE)
        .init();
    // Before the first client comes: what is counted without a recorder is lost.
    let prometheus = prometheus()?.install_recorder()?;
    keep_up(prometheus.clone());
    let rooms = channel(Rooms).with_config(config());
    // A listener for this machine alone.
    let private = trillium_smol::config().without_signals();
    let private = private.with_host("127.0.0.1").with_port(metrics_port());
    private.spawn(metrics(prometheus));
    trillium_smol::run(public(rooms));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_lite::future::block_on;
    use phx_channels::testing::TestApp;
    use serde_json::json;
    use std::{
        error::Error,
        io::{self, Read, Write},
        net::{SocketAddr, TcpStream},
    };

    macro_rules! serve {
        ($app:expr) => {{
            let server = trillium_smol::config().without_signals();
            server.with_host("127.0.0.1").with_port(0).spawn($app)
        }};
    }

    fn get(address: SocketAddr, path: &str) -> io::Result<String> {
        let mut stream = TcpStream::connect(address)?;
        write!(
            stream,
            "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        )?;
        let mut response = String::new();
        stream.read_to_string(&mut response)?;
        Ok(response)
    }

    #[test]
    fn the_public_port_has_no_metrics() -> Result<(), Box<dyn Error>> {
        let handle = serve!(public(channel(Rooms)));
        let address = block_on(handle.info());
        let address = *address.tcp_socket_addr().ok_or("no address")?;
        let scraped = get(address, "/metrics")?;
        assert!(scraped.starts_with("HTTP/1.1 404"), "{scraped}");
        handle.shut_down().block();
        Ok(())
    }

    #[test]
    fn prometheus_reads_what_clients_did() -> Result<(), Box<dyn Error>> {
        let recorder = prometheus()?.build_recorder();
        let app = TestApp::new(&channel(Rooms));
        let handle = serve!(metrics(recorder.handle()));
        let address = block_on(handle.info());
        let address = *address.tcp_socket_addr().ok_or("no address")?;

        metrics::with_local_recorder(&recorder, || {
            block_on(async {
                let mut client = app.connect().await.expect("nobody refuses it");
                client.join("rooms:lobby", json!({})).await.unwrap_ok();
                for body in ["hi", "there", ""] {
                    let message = json!({ "body": body });
                    client.call("rooms:lobby", "new:msg", message).await;
                }
                let scraped = get(address, "/metrics").expect("it is served");
                assert!(scraped.starts_with("HTTP/1.1 200"), "{scraped}");
                for line in [
                    "# TYPE phx_channels_connections gauge",
                    "phx_channels_connections 1",
                    r#"phx_channels_joined_topics{pattern="rooms:{room}"} 1"#,
                    r#"phx_channels_events_total{pattern="rooms:*",event="new:msg",outcome="ok"} 2"#,
                    r#"phx_channels_events_total{pattern="rooms:*",event="new:msg",outcome="error"} 1"#,
                    "# TYPE phx_channels_handler_seconds histogram",
                    r#"phx_channels_handler_seconds_count{handler="on",pattern="rooms:*",event="new:msg"} 3"#,
                ] {
                    assert!(scraped.lines().any(|it| it == line), "{line}\n{scraped}");
                }
            });
        });
        handle.shut_down().block();
        Ok(())
    }
}
