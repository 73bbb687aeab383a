//! C-3: the end of the server, asked for by its program and by a signal.

use crate::{
    echo,
    server::{Client, Server},
};
use phx_channels::{Config, channel};
use serde_json::json;
use std::{
    env,
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
    process::{Child, ChildStdout, Command, Stdio},
    sync::{
        Arc, Barrier,
        atomic::{AtomicU64, Ordering::SeqCst},
    },
    thread,
    time::Duration,
};
use tungstenite::Message;

/// What makes a process of this test binary a server.
const SERVE: &str = "PHX_CHANNELS_TEST_SERVE";
/// How long such a process may take to end, in milliseconds.
const EXIT_AFTER: &str = "PHX_CHANNELS_TEST_EXIT_AFTER";
const CLIENTS: usize = 12;

#[test]
fn c_3_shutdown_closes_with_1012_and_waits_for_handlers() {
    for start in [Server::on_smol, Server::on_tokio] {
        let (handler, gone) = echo();
        let server = start(handler, Config::new());
        let mut clients: Vec<_> = (0..5).map(|_| server.connect()).collect();
        for client in &mut clients {
            client.join("rooms:lobby");
        }
        let clients = clients.into_iter();
        let clients: Vec<_> = clients
            .map(|mut client| thread::spawn(move || client.closed()))
            .collect();
        server.stop();
        for client in clients {
            assert_eq!(client.join().unwrap(), Some(1012));
        }
        assert_eq!(gone.len(), 5);
    }
}

/// Unread input must not take the goodbye with it, and what has been read is answered.
#[test]
fn c_3_shutdown_under_load() {
    for start in [Server::on_smol, Server::on_tokio] {
        let server = start(echo().0, Config::new());
        let load = Load::start(server.address());
        server.stop();
        load.assert_closed_with_1012();
    }
}

#[test]
fn c_3_sigterm_under_load_ends_the_process() {
    for runtime in ["smol", "tokio"] {
        let (mut child, address) = start_process(runtime, &[]);
        let load = Load::start(address);
        terminate(&child);
        load.assert_closed_with_1012();
        let ended = child.wait().unwrap();
        assert!(ended.success(), "on {runtime}: {ended}");
    }
}

/// It is trillium that waits for the rest of a request, as long as the client likes, and not for a channel to end.
#[test]
fn exit_after_ends_the_process_that_half_a_request_holds() {
    for runtime in ["smol", "tokio"] {
        let (mut child, address) = start_process(runtime, &[(EXIT_AFTER, "100")]);
        let mut half_head = TcpStream::connect(address).unwrap();
        half_head.write_all(b"GET /elsewhere HTTP/1.1\r\n").unwrap();
        let mut half_body = TcpStream::connect(address).unwrap();
        half_body
            .write_all(
                b"POST /elsewhere HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nhalf",
            )
            .unwrap();
        // Nobody handles it, and now it waits for the rest.
        let mut answer = [0; 12];
        half_body.read_exact(&mut answer).unwrap();
        assert_eq!(&answer, b"HTTP/1.1 404");
        terminate(&child);
        let ended = child.wait().unwrap();
        assert!(ended.success(), "on {runtime}: {ended}");
    }
}

struct Board {
    unsaved: AtomicU64,
}

#[channel]
impl Board {
    #[connect]
    async fn connect(&self) {
        self.unsaved.fetch_add(1, SeqCst);
    }

    #[join("board")]
    async fn join(&self) {}

    #[disconnect]
    async fn disconnect(&self) {
        self.unsaved.fetch_add(10, SeqCst);
    }
}

/// A connection that says nothing keeps trillium's copy of the channel, though no request comes any more.
#[test]
fn c_3_what_is_shared_with_the_channel_is_complete_behind_the_server() {
    for start in [Server::on_smol, Server::on_tokio] {
        let board = Arc::new(Board {
            unsaved: AtomicU64::new(0),
        });
        // The client does not answer the close.
        let config = Config::new().close_timeout(Duration::ZERO);
        let server = start(Arc::clone(&board), config);
        let _silent = TcpStream::connect(server.address()).unwrap();
        let _client = server.connect();
        server.stop();
        // Here the application saves it.
        assert_eq!(board.unsaved.load(SeqCst), 11);
    }
}

fn terminate(child: &Child) {
    let pid = child.id().to_string();
    let sent = Command::new("kill").args(["-TERM", &pid]).status();
    assert!(sent.unwrap().success());
}

/// Clients that all talk at once, and go on until they are stopped.
struct Load(Vec<thread::JoinHandle<Option<u16>>>);

impl Load {
    /// Returns when all of them are talking.
    fn start(address: SocketAddr) -> Self {
        let talking = Arc::new(Barrier::new(CLIENTS + 1));
        let clients = (0..CLIENTS).map(|n| {
            let talking = Arc::clone(&talking);
            let topic = format!("rooms:{n}");
            thread::spawn(move || talk(Client::connect(address), &topic, &talking))
        });
        let clients = clients.collect();
        talking.wait();
        Self(clients)
    }

    fn assert_closed_with_1012(self) {
        for client in self.0 {
            assert_eq!(client.join().unwrap(), Some(1012));
        }
    }
}

/// Keeps some events under way until the server closes, and gives the close code. What comes back comes
/// in order and without a gap.
fn talk(mut client: Client, topic: &str, talking: &Barrier) -> Option<u16> {
    client.join(topic);
    let filler = "x".repeat(8_000);
    let (mut sent, mut received) = (0, 0);
    loop {
        while sent < received + 200 {
            // Whether the server still takes it shows in what comes back.
            client.try_send(&json!(["1", null, topic, "echo", {"n": sent, "filler": filler}]));
            sent += 1;
        }
        match client.try_receive() {
            Some(Message::Text(text)) => {
                let frame: serde_json::Value = serde_json::from_str(&text).unwrap();
                assert_eq!(frame[4]["n"], json!(received));
                received += 1;
            }
            Some(Message::Close(frame)) => return frame.map(|frame| frame.code.into()),
            Some(other) => panic!("{other:?}"),
            None => return None,
        }
        if received == 100 {
            talking.wait();
        }
    }
}

/// Starts this test binary once more, as a server.
fn start_process(runtime: &str, variables: &[(&str, &str)]) -> (Child, SocketAddr) {
    let mut child = Command::new(env::current_exe().unwrap())
        .args([
            "--exact",
            "shutdown::serves_until_a_signal_comes",
            "--nocapture",
        ])
        .env(SERVE, runtime)
        .envs(variables.iter().copied())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let address = announced(child.stdout.take().unwrap());
    (child, address)
}

/// The address in what the process prints, all of which is read, so that it can go on printing.
fn announced(stdout: ChildStdout) -> SocketAddr {
    let mut lines = BufReader::new(stdout).lines().map_while(Result::ok);
    let address = lines.find_map(|line| line.split_once("serving on ")?.1.parse().ok());
    thread::spawn(move || lines.count());
    address.unwrap()
}

/// The other process of the test with the signal; does nothing in the first one.
#[test]
fn serves_until_a_signal_comes() {
    let Ok(runtime) = env::var(SERVE) else {
        return;
    };
    let mut config = Config::new();
    if let Ok(timeout) = env::var(EXIT_AFTER) {
        config = config.exit_after(Duration::from_millis(timeout.parse().unwrap()));
    }
    let app = (announce(), channel(echo().0).with_config(config));
    if runtime == "smol" {
        let server = trillium_smol::config();
        server.with_host("127.0.0.1").with_port(0).run(app);
    } else {
        let server = trillium_tokio::config();
        server.with_host("127.0.0.1").with_port(0).run(app);
    }
}

fn announce() -> impl trillium::Handler {
    trillium::init(async |info: trillium::Info| {
        println!("serving on {}", info.tcp_socket_addr().unwrap());
        info
    })
}
