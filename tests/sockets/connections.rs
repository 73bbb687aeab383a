//! How many clients may be connected, by any transport.

use crate::{echo, server::Server};
use phx_channels::{Config, channel};
use std::{
    io::{Read, Write},
    iter,
    net::{SocketAddr, TcpStream},
};

#[test]
fn max_connections_counts_until_the_connection_is_gone() {
    for start in [Server::on_smol, Server::on_tokio] {
        let (handler, gone) = echo();
        let server = start(handler, Config::new().max_connections(2));
        let first = server.connect();
        let _second = server.connect();
        assert_eq!(server.refused("/socket/websocket?vsn=2.0.0", None), 503);
        drop(first);
        gone.recv_blocking().unwrap();
        // The task ends right behind its last handler.
        let attempts = iter::repeat_with(|| server.try_connect("/?vsn=2.0.0", &[]).ok());
        let third = attempts.take(10_000).flatten().next();
        assert!(third.is_some());
        assert_eq!(server.refused("/socket/websocket?vsn=2.0.0", None), 503);
    }
}

#[test]
fn max_connections_per_peer_refuses_with_429() {
    for start in [Server::on_smol, Server::on_tokio] {
        let server = start(echo().0, Config::new().max_connections_per_peer(1));
        let client = server.connect();
        assert_eq!(server.refused("/socket/websocket?vsn=2.0.0", None), 429);
        drop(client);
        server.stop();
    }
}

/// A session is a connection, whoever asks for it first.
#[test]
fn max_connections_counts_clients_that_poll() {
    let channel = channel(echo().0).with_config(Config::new().max_connections(1));
    let server = trillium_smol::config().without_signals();
    let server = server.with_host("127.0.0.1").with_port(0);
    let handle = server.spawn(channel.long_poll());
    let info = futures_lite::future::block_on(handle.info());
    let address = *info.tcp_socket_addr().unwrap();
    let opened = get(address);
    assert!(opened.starts_with("HTTP/1.1 200"), "{opened}");
    assert!(opened.contains(r#""status":410"#), "{opened}");
    let refused = get(address);
    assert!(refused.starts_with("HTTP/1.1 503"), "{refused}");
    // The session goes with the server, though nobody polls.
    handle.shut_down().block();
}

fn get(address: SocketAddr) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    stream
        .write_all(b"GET /?vsn=2.0.0 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        .unwrap();
    let mut response = String::new();
    stream.read_to_string(&mut response).unwrap();
    response
}
