//! The server on real sockets, on smol and on tokio: what the in-memory transport cannot show.

#![allow(
    clippy::unwrap_used,
    reason = "a test that panics has failed, which is what it is for"
)]

mod connections;
mod heads;
mod polls;
mod server;
mod shutdown;
mod tasks;
mod upgrades;

use phx_channels::{ChannelConn, ChannelEvent, ChannelHandler, Config, Refused, async_trait};
use serde_json::{Value, json};
use server::{Client, Server};
use std::{
    io::{Read, Write},
    net::TcpStream,
    time::Duration,
};
use trillium::Status;
use tungstenite::{
    Bytes, Message,
    protocol::frame::{
        Frame,
        coding::{Data, OpCode},
    },
};

/// Everyone may join; every event is broadcast on, and `boom` panics.
struct Echo {
    gone: async_channel::Sender<()>,
}

#[async_trait]
impl ChannelHandler for Echo {
    async fn connect(&self, conn: ChannelConn<'_>) {
        let params: Value = conn.params().decode().unwrap();
        if params["token"] == "busy" {
            let busy = Refused::with_status(Status::TooManyRequests);
            conn.refuse(busy.header("retry-after", "7").body("slow down"));
        }
    }

    async fn join_channel(&self, conn: ChannelConn<'_>, event: ChannelEvent) {
        let response = json!({"params": conn.params(), "token": conn.auth_token()});
        conn.allow_join(&event, &response).await;
    }

    async fn incoming_message(&self, conn: ChannelConn<'_>, event: ChannelEvent) {
        conn.broadcast(event);
    }

    async fn disconnect(&self, _: ChannelConn<'_>) {
        // Nobody listens in most of the tests.
        self.gone.try_send(()).ok();
    }
}

fn echo() -> (Echo, async_channel::Receiver<()>) {
    let (gone, seen) = async_channel::unbounded();
    (Echo { gone }, seen)
}

/// Runs a test against a server on each runtime.
fn on_each_runtime(config: &Config, test: impl Fn(&Server)) {
    for start in [Server::on_smol, Server::on_tokio] {
        let server = start(echo().0, config.clone());
        test(&server);
        server.stop();
    }
}

#[test]
fn two_clients_hear_each_other() {
    on_each_runtime(&Config::new(), |server| {
        let (mut ann, mut bob) = (server.connect(), server.connect());
        ann.join("rooms:lobby");
        bob.join("rooms:lobby");
        ann.send(&json!(["1", "2", "rooms:lobby", "new:msg", {"body": "hi"}]));
        let broadcast = json!([null, null, "rooms:lobby", "new:msg", {"body": "hi"}]);
        assert_eq!(ann.receive(), broadcast);
        assert_eq!(bob.receive(), broadcast);
    });
}

/// More than is read at once, in frames that fit into no buffer, that fit, and that end in its middle, and
/// more of them than may wait.
#[test]
fn frames_that_come_together_are_all_heard_in_order() {
    on_each_runtime(&Config::new().topic_queue(8), |server| {
        let mut client = server.connect();
        client.join("rooms:lobby");
        let message =
            |length: usize| json!(["1", "2", "rooms:lobby", "x", {"text": "x".repeat(length)}]);
        let lengths = (0..300).map(|number| number * 7 % 400);
        let messages: Vec<_> = lengths.chain([50_000, 3, 16_384, 0]).map(message).collect();
        client.send_together(&messages);
        for message in messages {
            assert_eq!(client.receive()[4], message[4]);
        }
    });
}

#[test]
fn other_requests_pass_to_the_next_handler() {
    on_each_runtime(&Config::new(), |server| {
        let mut stream = TcpStream::connect(server.address()).unwrap();
        stream
            .write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            .unwrap();
        let mut response = String::new();
        stream.read_to_string(&mut response).unwrap();
        assert!(response.starts_with("HTTP/1.1 200"), "{response}");
        assert!(response.ends_with("the next handler"), "{response}");
    });
}

#[test]
fn hs_1_hs_4_refusals_come_before_the_upgrade() {
    on_each_runtime(&Config::new(), |server| {
        assert_eq!(server.refused("/socket/websocket?vsn=3.0.0", None), 403);
        let page = Some("https://evil.example");
        assert_eq!(server.refused("/socket/websocket?vsn=2.0.0", page), 403);
        let own = format!("http://{}", server.address());
        let own = server.try_connect("/socket/websocket?vsn=2.0.0", &[("origin", &own)]);
        assert!(own.is_ok());
    });
}

#[test]
fn hs_3_a_refusal_with_a_header_and_a_body() {
    on_each_runtime(&Config::new(), |server| {
        let path = "/socket/websocket?vsn=2.0.0&token=busy";
        let refused = server.try_connect(path, &[]).err().unwrap();
        assert_eq!(refused.status().as_u16(), 429);
        assert_eq!(refused.headers()["retry-after"], "7");
        assert_eq!(refused.body().as_deref(), Some("slow down".as_bytes()));
    });
}

#[test]
fn hs_5_a_token_among_the_subprotocols() {
    let config = Config::new().auth_token(true).subprotocols(["chat.v1"]);
    on_each_runtime(&config, |server| {
        let path = "/socket/websocket?vsn=2.0.0";
        for (offer, answer, token) in [
            (
                "phoenix, base64url.bearer.phx.YWJj",
                Some("phoenix"),
                json!("abc"),
            ),
            ("chat.v1", Some("chat.v1"), json!(null)),
        ] {
            let protocols = ("sec-websocket-protocol", offer);
            let mut client = server.try_connect(path, &[protocols]).unwrap();
            assert_eq!(client.protocol(), answer);
            assert_eq!(client.join("rooms:lobby")["token"], token);
        }
        let protocols = ("sec-websocket-protocol", "chat.v2");
        let refused = server.try_connect(path, &[protocols]).err().unwrap();
        assert_eq!(refused.status().as_u16(), 403);
    });
}

#[test]
fn hs_6_requests_that_are_no_handshake() {
    on_each_runtime(&Config::new().required(true), |server| {
        let get = "GET /socket/websocket?vsn=2.0.0 HTTP/1.1\r\nHost: localhost\r\n";
        let upgrade = "Connection: upgrade\r\nUpgrade: websocket\r\n";
        for (request, says) in [
            (
                format!("{get}Connection: close\r\n\r\n"),
                "must ask for an upgrade",
            ),
            (
                format!("{get}{upgrade}Sec-WebSocket-Version: 8\r\n\r\n"),
                "must be 13",
            ),
            (
                format!("{get}{upgrade}Sec-WebSocket-Version: 13\r\n\r\n"),
                "needs a Sec-WebSocket-Key",
            ),
            (
                "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n".into(),
                "must ask for an upgrade",
            ),
        ] {
            let mut stream = TcpStream::connect(server.address()).unwrap();
            stream.write_all(request.as_bytes()).unwrap();
            // The server may keep the connection: its answer ends with the text.
            let mut response = String::new();
            while !response.contains(says) {
                let mut bytes = [0; 1024];
                let read = stream.read(&mut bytes).unwrap();
                assert!(read > 0, "{response}");
                response.push_str(str::from_utf8(&bytes[..read]).unwrap());
            }
            assert!(response.starts_with("HTTP/1.1 400"), "{response}");
        }
    });
}

#[test]
fn hs_8_parameters_from_the_path() {
    let config = Config::new().request_params(|conn| {
        let tenant = conn.path().split('/').nth(1);
        tenant.map(|tenant| ("tenant".to_owned(), tenant.to_owned()))
    });
    on_each_runtime(&config, |server| {
        let path = "/acme/websocket?vsn=2.0.0&tenant=mine";
        let mut client = server.try_connect(path, &[]).unwrap();
        let params = &client.join("rooms:lobby")["params"];
        assert_eq!(params, &json!({"vsn": "2.0.0", "tenant": "acme"}));
    });
}

#[test]
fn c_4_a_message_above_the_limit() {
    let config = Config::new().max_message_size(10_000);
    on_each_runtime(&config, |server| {
        let (mut client, mut other) = (server.connect(), server.connect());
        client.join("rooms:lobby");
        other.join("rooms:lobby");
        client.send(&json!(["1", "2", "rooms:lobby", "big", {"x": "y".repeat(9_900)}]));
        assert_eq!(client.receive()[3], "big");
        client.send(&json!(["1", "2", "rooms:lobby", "big", {"x": "y".repeat(500_000)}]));
        assert_eq!(client.closed(), Some(1009));
        // Nobody else is concerned.
        other.receive();
        other.send(&json!(["1", "3", "rooms:lobby", "still:here", {}]));
        assert_eq!(other.receive()[3], "still:here");
    });
}

#[test]
fn c_5_ten_undecodable_frames_in_a_row() {
    on_each_runtime(&Config::new(), |server| {
        let mut client = server.connect();
        for _ in 0..9 {
            client.send_raw(Message::text("garbage"));
        }
        client.join("rooms:lobby");
        for _ in 0..10 {
            client.send_raw(Message::binary(vec![9, 9]));
        }
        assert_eq!(client.closed(), Some(1011));
    });
}

#[test]
fn c_6_c_7_violations_of_the_websocket_protocol() {
    on_each_runtime(&Config::new(), |server| {
        // A masked text frame whose bytes are not UTF-8; a frame with a reserved opcode.
        for (frame, code) in [
            ([0x81, 0x82, 0, 0, 0, 0, 0xff, 0xfe].as_slice(), 1007),
            (&[0x83, 0x80, 0, 0, 0, 0], 1002),
        ] {
            let mut client = server.connect();
            client.join("rooms:lobby");
            client.stream().write_all(frame).unwrap();
            assert_eq!(client.closed(), Some(code));
        }
    });
}

/// A client's frame, as it is on the wire.
fn on_the_wire(mut frame: Frame) -> Vec<u8> {
    frame.header_mut().mask = Some([1, 2, 3, 4]);
    let mut bytes = Vec::new();
    frame.format(&mut bytes).unwrap();
    bytes
}

/// Reads until these events and one pong have come, which may come at any time.
fn assert_heard(client: &mut Client, events: &[&str]) {
    let messages: Vec<_> = (0..=events.len()).map(|_| client.receive_raw()).collect();
    let pong = Message::Pong(Bytes::from_static(b"x"));
    let (pongs, others): (Vec<_>, Vec<_>) = messages.into_iter().partition(|got| *got == pong);
    assert_eq!(pongs.len(), 1);
    for (event, message) in events.iter().zip(others) {
        let message: Value = serde_json::from_str(&message.into_text().unwrap()).unwrap();
        assert_eq!(message[3], *event);
    }
}

#[test]
fn messages_in_pieces_and_between_pings_are_all_heard() {
    let text = |event: &str| json!(["1", "2", "rooms:lobby", event, {}]).to_string();
    let part = |text: &str, kind, is_final| {
        let text = text.to_owned();
        on_the_wire(Frame::message(text, OpCode::Data(kind), is_final))
    };
    let whole = |event: &str| part(&text(event), Data::Text, true);
    let ping = || on_the_wire(Frame::ping("x"));
    on_each_runtime(&Config::new(), |server| {
        let mut client = server.connect();
        client.join("rooms:lobby");
        let mut write = |parts: &[&[u8]], events: &[&str]| {
            client.stream().write_all(&parts.concat()).unwrap();
            assert_heard(&mut client, events);
        };
        // Whoever has the answer to the first one knows that the server has the begin of the second.
        let second = whole("second");
        let (begin, end) = second.split_at(second.len() / 2);
        write(&[&whole("first"), &ping(), begin], &["first"]);
        write(&[end, &ping()], &["second"]);
        let third = text("third");
        let (begin, end) = third.split_at(third.len() / 2);
        let (begin, end) = (
            part(begin, Data::Text, false),
            part(end, Data::Continue, true),
        );
        write(&[&begin, &ping()], &[]);
        write(
            &[&end, &whole("fourth"), &ping(), &whole("fifth")],
            &["third", "fourth", "fifth"],
        );
        write(&[&whole("sixth"), &ping()], &["sixth"]);
        // Nothing but the rest of a message may follow its begin.
        write(&[&begin, &ping()], &[]);
        client.stream().write_all(&whole("seventh")).unwrap();
        assert!(client.receive_raw().is_close());
    });
}

#[test]
fn c_1_silence_and_signs_of_life() {
    for start in [Server::on_smol, Server::on_tokio] {
        let (handler, gone) = echo();
        let config = Config::new().idle_timeout(Duration::from_secs(1));
        let server = start(handler, config);
        let mut client = server.connect();
        client.join("rooms:lobby");
        // A ping is answered, and counts as a sign of life.
        client.send_raw(Message::Ping(Bytes::from_static(b"x")));
        assert_eq!(
            client.receive_raw(),
            Message::Pong(Bytes::from_static(b"x"))
        );
        assert_eq!(client.closed(), Some(1002));
        drop(client);
        server.stop();
        // Its handler has been told.
        gone.try_recv().unwrap();
    }
}

#[test]
fn c_8_a_client_that_closes_and_one_that_vanishes() {
    for start in [Server::on_smol, Server::on_tokio] {
        let (handler, gone) = echo();
        let server = start(handler, Config::new());
        let (mut closes, mut vanishes, mut stays) =
            (server.connect(), server.connect(), server.connect());
        for client in [&mut closes, &mut vanishes, &mut stays] {
            client.join("rooms:lobby");
        }
        closes.close();
        assert_eq!(closes.closed(), Some(1000));
        gone.recv_blocking().unwrap();
        drop(vanishes);
        gone.recv_blocking().unwrap();
        stays.send(&json!(["1", "2", "rooms:lobby", "alone", {}]));
        assert_eq!(stays.receive()[3], "alone");
        drop(stays);
        server.stop();
    }
}

#[test]
fn o_6_a_burst_to_a_client_that_does_not_read() {
    on_each_runtime(&Config::new(), |server| {
        let (mut slow, mut quick) = (server.connect(), server.connect());
        slow.join("rooms:burst");
        quick.join("rooms:burst");
        let broadcaster = server.broadcaster();
        let filler = "x".repeat(1000);
        for n in 0..10_000 {
            broadcaster.broadcast(("rooms:burst", "burst", json!({"n": n, "filler": filler})));
            if n % 50 == 49 {
                // The quick one keeps up; the slow one has not read anything yet.
                let last = (0..50).map(|_| quick.receive()).last().unwrap();
                assert_eq!(last[4]["n"], json!(n));
            }
        }
        assert_run_without_gap(&mut slow, 10_000);
    });
}

/// Everything in order, or a run from the start and then a close that the client sees.
fn assert_run_without_gap(client: &mut Client, count: u64) {
    for expected in 0..count {
        match client.receive_raw() {
            Message::Text(text) => {
                let frame: Value = serde_json::from_str(&text).unwrap();
                assert_eq!(frame[4]["n"], json!(expected));
            }
            Message::Close(Some(close)) => return assert_eq!(u16::from(close.code), 1013),
            other => panic!("{other:?}"),
        }
    }
}
