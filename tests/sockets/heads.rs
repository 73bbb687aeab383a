//! Requests as odd as a client can write them, byte by byte: what they say of the page that they come from.

use crate::{on_each_runtime, server::Server};
use phx_channels::Config;
use std::{
    io::{Read, Write},
    net::TcpStream,
};

/// A head that is upgraded as it is.
pub(crate) const UPGRADE: [&str; 4] = [
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
];

/// The status of the answer to a request with these lines.
pub(crate) fn status(server: &Server, request: &str, lines: &[&[u8]]) -> u16 {
    let mut stream = TcpStream::connect(server.address()).unwrap();
    let mut head = format!("{request}\r\n").into_bytes();
    for line in lines {
        head.extend_from_slice(line);
        head.extend_from_slice(b"\r\n");
    }
    head.extend_from_slice(b"\r\n");
    stream.write_all(&head).unwrap();
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).unwrap();
    let status = str::from_utf8(&answer[9..]).unwrap();
    status.parse().unwrap()
}

/// The status of the answer to a handshake with these lines besides those that it needs.
fn handshake(server: &Server, lines: &[&[u8]]) -> u16 {
    let upgrade = UPGRADE.map(str::as_bytes);
    let lines: Vec<_> = upgrade
        .iter()
        .copied()
        .chain(lines.iter().copied())
        .collect();
    status(server, "GET /socket/websocket?vsn=2.0.0 HTTP/1.1", &lines)
}

#[test]
fn hs_4_what_a_page_says_of_itself_is_read_as_it_is_written() {
    on_each_runtime(&Config::new(), |server| {
        for (lines, answer) in [
            (
                [
                    b"Host: localhost:4000".as_slice(),
                    b"Origin: http://localhost:4000",
                ]
                .as_slice(),
                101,
            ),
            (&[b"Host: localhost:4000"], 101),
            // A name that the server does not know: an address that somebody else's name leads to.
            (
                &[b"Host: evil.example", b"Origin: http://evil.example"],
                403,
            ),
            (&[b"Host: localhost", b"Origin: http://localhost:4000"], 403),
            (&[b"Host: localhost:4000", b"Origin: http://localhost"], 403),
            (
                &[b"Host: localhost", b"Origin: chrome-extension://localhost"],
                403,
            ),
            (
                &[
                    b"Host: localhost",
                    b"Origin: http://localhost",
                    b"Origin: http://localhost",
                ],
                403,
            ),
            (
                &[
                    b"Host: localhost",
                    b"Origin: http://localhost",
                    b"Origin: http://evil.example",
                ],
                403,
            ),
            (
                &[b"Host: localhost", b"Origin: http://evil\xff.example"],
                403,
            ),
            (&[b"Host: localhost", b"Origin: \xff"], 403),
        ] {
            let text: Vec<_> = lines
                .iter()
                .map(|line| line.escape_ascii().to_string())
                .collect();
            assert_eq!(handshake(server, lines), answer, "{text:?}");
        }
    });
}

/// The status of the answer to a handshake with a token of this length; `None` if the server closes without one.
fn with_token(server: &Server, length: usize) -> Option<u16> {
    let mut stream = TcpStream::connect(server.address()).unwrap();
    let token = "x".repeat(length);
    let upgrade = UPGRADE.join("\r\n");
    let head = format!(
        "GET /socket/websocket?vsn=2.0.0&token={token} HTTP/1.1\r\nHost: localhost\r\n{upgrade}\r\n\r\n"
    );
    // The server may have closed before it has all of it.
    let _ = stream.write_all(head.as_bytes());
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).ok()?;
    str::from_utf8(&answer[9..]).unwrap().parse().ok()
}

/// What is too much is trillium's to say: newer versions answer with 414 or 431, older ones close.
#[test]
fn a_head_has_8_kilobytes_and_none_above_16_is_let_in() {
    on_each_runtime(&Config::new(), |server| {
        assert_eq!(with_token(server, 7_500), Some(101));
        for length in [16_500, 40_000, 1_000_000] {
            let answer = with_token(server, length);
            assert!(matches!(answer, None | Some(414 | 431)), "{answer:?}");
        }
    });
}
