//! HS-6: what a handshake needs, and that nobody is asked of one that has not all of it.

use crate::{
    heads::{UPGRADE, status},
    on_each_runtime,
    server::Server,
};
use arbtest::{
    arbitrary::{self, Unstructured},
    arbtest,
};
use phx_channels::{ChannelConn, ChannelEvent, ChannelHandler, Config, async_trait};
use std::{
    io::{ErrorKind, Read, Write},
    net::TcpStream,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::SeqCst},
    },
    time::Duration,
};

/// How long an answer may take before a test says that it does not come.
const PATIENCE: Duration = Duration::from_mins(1);

/// Counts those that are asked whether they may connect.
struct Door(Arc<AtomicU64>);

#[async_trait]
impl ChannelHandler for Door {
    async fn connect(&self, _: ChannelConn<'_>) {
        self.0.fetch_add(1, SeqCst);
    }

    async fn join_channel(&self, _: ChannelConn<'_>, _: ChannelEvent) {}
}

/// A server on each runtime, and how many it has asked its `connect` of.
fn doors(config: &Config) -> [(Server, Arc<AtomicU64>); 2] {
    [Server::on_smol, Server::on_tokio].map(|start| {
        let asked = Arc::default();
        (start(Door(Arc::clone(&asked)), config.clone()), asked)
    })
}

const GET: &str = "GET /socket/websocket?vsn=2.0.0 HTTP/1.1";
const KEY: &str = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";

#[test]
fn hs_6_all_of_a_handshake_is_looked_at_before_anybody_is_asked() {
    let with = |lines: &[&'static str]| [&["Host: localhost"], lines].concat();
    let [connection, upgrade, version, key] = UPGRADE;
    // One client has the only place: who is refused did not ask for one.
    for (server, asked) in doors(&Config::new().max_connections(1)) {
        let _client = server.connect();
        assert_eq!(asked.load(SeqCst), 1);
        for (request, lines) in [
            (GET, with(&[upgrade, version, key])),
            (
                GET,
                with(&["Connection: keep-alive", upgrade, version, key]),
            ),
            (
                GET,
                with(&["Connection: close, upgrade", upgrade, version, key]),
            ),
            (GET, with(&[connection, upgrade, key])),
            (
                GET,
                with(&[connection, upgrade, "Sec-WebSocket-Version: 8", key]),
            ),
            (GET, with(&[connection, upgrade, version])),
            (
                GET,
                with(&[connection, upgrade, version, "Sec-WebSocket-Key: YWJj"]),
            ),
            (
                GET,
                with(&[
                    connection,
                    upgrade,
                    version,
                    "Sec-WebSocket-Key: !!!!!!!!!!!!!!!!!!!!!!==",
                ]),
            ),
            (GET, with(&[connection, upgrade, version, key, key])),
            (
                GET,
                with(&[connection, upgrade, version, key, "Content-Length: 5"]),
            ),
            (
                GET,
                with(&[
                    connection,
                    upgrade,
                    version,
                    key,
                    "Transfer-Encoding: chunked",
                ]),
            ),
            ("POST / HTTP/1.1", with(&UPGRADE)),
            ("GET / HTTP/1.0", with(&UPGRADE)),
        ] {
            let lines: Vec<_> = lines.into_iter().map(str::as_bytes).collect();
            let shown: Vec<_> = lines
                .iter()
                .map(|line| line.escape_ascii().to_string())
                .collect();
            assert_eq!(status(&server, request, &lines), 400, "{request} {shown:?}");
        }
        assert_eq!(asked.load(SeqCst), 1);
    }
}

#[test]
fn hs_6_a_body_is_never_read_as_frames() {
    for (server, asked) in doors(&Config::new()) {
        let mut stream = TcpStream::connect(server.address()).unwrap();
        let head = format!(
            "{GET}\r\nHost: localhost\r\n{}\r\nContent-Length: 6\r\n\r\n",
            UPGRADE.join("\r\n")
        );
        // A ping.
        let body = [0x89, 0x80, 0, 0, 0, 0];
        stream
            .write_all(&[head.as_bytes(), &body].concat())
            .unwrap();
        let mut answer = Vec::new();
        // The server closes, maybe before it has read the body.
        let _ = stream.read_to_end(&mut answer);
        let answer = String::from_utf8(answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 400"), "{answer}");
        assert!(
            answer.ends_with("a request for an upgrade has no body"),
            "{answer}"
        );
        assert_eq!(asked.load(SeqCst), 0);
    }
}

/// Whatever else is wrong with it: what has come of the body, or comes later, is no next request.
#[test]
fn hs_6_a_connection_ends_with_a_refusal_whose_request_has_a_body() {
    let [connection, upgrade, version, key] = UPGRADE;
    let second = format!("{GET}\r\nHost: localhost\r\n\r\n");
    let length = format!("Content-Length: {}", 2 * second.len());
    let wrong = [
        (GET, vec![connection, version, key]),
        (GET, vec![upgrade, version, key]),
        (GET, vec![connection, upgrade, key]),
        (GET, vec![connection, upgrade, version]),
        (GET, vec![connection, upgrade, version, key]),
        ("POST / HTTP/1.1", UPGRADE.to_vec()),
    ];
    let bodies = [
        vec![&*length],
        vec!["Transfer-Encoding: chunked"],
        // Here trillium takes for granted that no body comes.
        vec![&*length, "Expect: 100-continue"],
    ];
    // Else what does not ask for an upgrade is for another handler.
    on_each_runtime(&Config::new().required(true), |server| {
        for (request, lines) in &wrong {
            for body in &bodies {
                let lines = [&["Host: localhost"], &lines[..], body].concat();
                let head = format!("{request}\r\n{}\r\n\r\n", lines.join("\r\n"));
                let mut stream = TcpStream::connect(server.address()).unwrap();
                stream.set_read_timeout(Some(PATIENCE)).unwrap();
                // Half of the body.
                stream
                    .write_all([&*head, &second].concat().as_bytes())
                    .unwrap();
                let answer = read_to_end(&mut stream);
                assert_eq!(
                    answer.matches("HTTP/1.1 ").count(),
                    1,
                    "{lines:?}: {answer}"
                );
                assert!(answer.starts_with("HTTP/1.1 400"), "{lines:?}: {answer}");
                let answer = answer.to_ascii_lowercase();
                assert!(
                    answer.contains("\r\nconnection: close\r\n"),
                    "{lines:?}: {answer}"
                );
            }
        }
    });
}

/// All that the server says until it closes, maybe before it has read what was sent.
fn read_to_end(stream: &mut TcpStream) -> String {
    let (mut answer, mut chunk) = (Vec::new(), [0; 1024]);
    loop {
        match stream.read(&mut chunk) {
            Ok(0) => break,
            Ok(read) => answer.extend_from_slice(&chunk[..read]),
            Err(error) if error.kind() == ErrorKind::ConnectionReset => break,
            Err(error) => panic!("{error}: {}", answer.escape_ascii()),
        }
    }
    String::from_utf8(answer).unwrap()
}

#[test]
fn hs_6_fields_in_several_lines_are_one_list() {
    on_each_runtime(&Config::new(), |server| {
        for lines in [
            ["Connection: Upgrade", "Upgrade: h2c, websocket"].as_slice(),
            &["Connection: Upgrade", "Upgrade: h2c", "Upgrade: WebSocket"],
            &["Connection: keep-alive, upgrade", "Upgrade: websocket"],
            &[
                "Connection: keep-alive",
                "Connection: Upgrade",
                "Upgrade: websocket",
            ],
        ] {
            let all = [
                lines,
                &["Host: localhost", "Sec-WebSocket-Version: 13", KEY],
            ]
            .concat();
            let all: Vec<_> = all.into_iter().map(str::as_bytes).collect();
            assert_eq!(status(server, GET, &all), 101, "{lines:?}");
        }
    });
}

/// A request for an upgrade, of which something may be wrong.
struct Head {
    request: String,
    lines: Vec<(String, String)>,
}

impl Head {
    fn right() -> Self {
        let lines = ["Host: localhost"].into_iter().chain(UPGRADE);
        let lines = lines.filter_map(|line| line.split_once(": "));
        Self {
            request: GET.to_owned(),
            lines: lines
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect(),
        }
    }

    fn values(&self, name: &str) -> Vec<&str> {
        let lines = self
            .lines
            .iter()
            .filter(|(it, _)| it.eq_ignore_ascii_case(name));
        lines.map(|(_, value)| value.trim()).collect()
    }

    fn has_token(&self, name: &str, token: &str) -> bool {
        let list = self.values(name).join(",").to_ascii_lowercase();
        list.split(',').any(|it| it.trim() == token)
    }

    /// What RFC 6455 asks for, and nothing that contradicts it.
    fn is_right(&self) -> bool {
        let is_key = |key: &str| {
            key.len() == 24
                && key.strip_suffix("==").is_some_and(|key| {
                    key.bytes()
                        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'+' || byte == b'/')
                })
        };
        self.request == GET
            && matches!(self.values("host")[..], [host] if !host.contains([',', ' ']))
            && self.lines.iter().all(|(name, value)| {
                !name.eq_ignore_ascii_case("expect")
                    || value.split(',').all(|it| it.trim() == "100-continue")
            })
            && self.has_token("upgrade", "websocket")
            && self.has_token("connection", "upgrade")
            && !self.has_token("connection", "close")
            && self.values("sec-websocket-version") == ["13"]
            && matches!(self.values("sec-websocket-key")[..], [key] if is_key(key))
            && matches!(self.values("content-length")[..], [] | ["0"])
            && self.values("transfer-encoding").is_empty()
    }

    fn change(&mut self, random: &mut Unstructured<'_>) -> arbitrary::Result<()> {
        const NAMES: [&str; 9] = [
            "Host",
            "Connection",
            "Upgrade",
            "Sec-WebSocket-Version",
            "Sec-WebSocket-Key",
            "Content-Length",
            "Transfer-Encoding",
            "Expect",
            "X-Other",
        ];
        const VALUES: [&str; 20] = [
            "localhost",
            "upgrade",
            "Upgrade",
            "keep-alive",
            "close",
            "websocket",
            "WEBSOCKET",
            "h2c",
            "h2c, websocket",
            "keep-alive,Upgrade",
            "13",
            "8",
            "dGhlIHNhbXBsZSBub25jZQ==",
            "dGhlIHNhbXBsZSBub25jZQ",
            "YWJj",
            "!",
            "0",
            "5",
            "chunked",
            "100-continue",
        ];
        const REQUESTS: [&str; 6] = [
            GET,
            "POST / HTTP/1.1",
            "HEAD / HTTP/1.1",
            "GET / HTTP/1.0",
            "CONNECT localhost HTTP/1.1",
            "OPTIONS * HTTP/1.1",
        ];
        let at = random.choose_index(self.lines.len())?;
        match random.int_in_range(0..=9)? {
            0 => drop(self.lines.remove(at)),
            1 => self.lines.push(self.lines[at].clone()),
            2 => self.lines[at].0.make_ascii_uppercase(),
            3 | 4 => (*random.choose(&VALUES)?).clone_into(&mut self.lines[at].1),
            5 => {
                let value = &mut self.lines[at].1;
                value.push_str(", ");
                value.push_str(random.choose(&VALUES)?);
            }
            6 => (*random.choose(&REQUESTS)?).clone_into(&mut self.request),
            7 => self.lines.swap(0, at),
            _ => {
                let line = (*random.choose(&NAMES)?, *random.choose(&VALUES)?);
                self.lines.push((line.0.to_owned(), line.1.to_owned()));
            }
        }
        Ok(())
    }
}

#[test]
fn hs_6_connect_is_asked_of_handshakes_that_are_right_and_of_no_others() {
    const CASES: u64 = 1_000;
    const SIZE: u64 = 64;
    for (server, asked) in doors(&Config::new()) {
        let mut rights = 0;
        let mut search = |random: &mut Unstructured<'_>| {
            let mut head = Head::right();
            for _ in 0..random.int_in_range(0..=3)? {
                head.change(random)?;
            }
            let lines: Vec<_> = head
                .lines
                .iter()
                .map(|(name, value)| format!("{name}: {value}"))
                .collect();
            let lines_of_bytes: Vec<_> = lines.iter().map(String::as_bytes).collect();
            let answer = status(&server, &head.request, &lines_of_bytes);
            let is_right = head.is_right();
            rights += u64::from(is_right);
            assert_eq!(
                answer == 101,
                is_right,
                "{answer}: {} {lines:?}",
                head.request
            );
            assert_eq!(
                asked.load(SeqCst),
                rights,
                "{answer}: {} {lines:?}",
                head.request
            );
            Ok(())
        };
        for case in 0..CASES {
            arbtest(&mut search).seed(case << 32 | SIZE).run();
        }
        assert!(
            rights > CASES / 10 && rights < CASES / 2,
            "{rights} of {CASES}"
        );
    }
}
