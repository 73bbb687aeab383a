//! What in-memory clients cannot show: handshakes that are none, and clients that break the rules of
//! WebSocket or poll.

use crate::{app::Rooms, recorder::Metrics};
use futures_lite::future::block_on;
use metrics_util::debugging::DebuggingRecorder;
use phx_channels::{Config, channel};
use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
};
use trillium_router::Router;
use tungstenite::{Bytes, Message};

fn get(address: SocketAddr, path: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    let mut response = String::new();
    stream.read_to_string(&mut response).unwrap();
    response
}

/// Sends this to the server, and waits until it has closed.
fn break_a_rule(address: SocketAddr, message: Message) {
    let stream = TcpStream::connect(address).unwrap();
    let url = format!("ws://{address}/websocket?vsn=2.0.0&user=ann");
    let (mut client, _) = tungstenite::client(url, stream).unwrap();
    client.send(message).unwrap();
    while client.read().is_ok() {}
}

/// The one test of this binary that counts for all threads: those of a server are not its own.
#[test]
fn sockets_are_counted() {
    let recorder = DebuggingRecorder::new();
    let metrics = Metrics::of_recorder(&recorder);
    recorder.install().unwrap();
    let config = Config::new().required(true).max_message_size(100);
    let channel = channel(Rooms).with_config(config);
    let app = Router::new()
        .all("/longpoll", channel.long_poll())
        .all("/websocket", channel);
    let server = trillium_smol::config().without_signals();
    let handle = server.with_host("127.0.0.1").with_port(0).spawn(app);
    let address = *block_on(handle.info()).tcp_socket_addr().unwrap();

    assert!(get(address, "/websocket").starts_with("HTTP/1.1 400"));
    assert!(get(address, "/longpoll?vsn=2.0.0").contains("403"));
    assert!(get(address, "/longpoll?vsn=2.0.0&user=ann").contains("410"));
    break_a_rule(address, Message::text("x".repeat(101)));
    let invalid = tungstenite::protocol::frame::Frame::message(
        Bytes::from_static(&[0xff]),
        tungstenite::protocol::frame::coding::OpCode::Data(
            tungstenite::protocol::frame::coding::Data::Text,
        ),
        true,
    );
    break_a_rule(address, Message::Frame(invalid));
    handle.shut_down().block();

    let refused = metrics.of("phx_channels_connections_refused_total");
    assert_eq!(refused, ["reason=handshake 1", "reason=params 1"]);
    assert_eq!(metrics.of("phx_channels_connections_opened_total"), ["3"]);
    assert_eq!(metrics.of("phx_channels_connections"), ["0"]);
    let expected = [
        "reason=invalid_text 1",
        "reason=restart 1",
        "reason=too_big 1",
    ];
    assert_eq!(
        metrics.of("phx_channels_connections_closed_total"),
        expected
    );
}
