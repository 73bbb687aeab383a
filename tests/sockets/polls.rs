//! C-3: the end of the server for clients that poll. Windows last for an hour here, so that none of them
//! ends by itself.

use async_channel::{Receiver, Sender};
use futures_lite::future::{block_on, poll_once};
use phx_channels::{Config, LongPoll, channel};
use serde_json::{Value, json};
use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    pin::pin,
    time::Duration,
};
use trillium::{Conn, Handler, Info};
use trillium_testing::ServerHandle;

const WINDOW: Duration = Duration::from_hours(1);
/// For what would never come.
const PATIENCE: Duration = Duration::from_secs(30);

struct Rooms {
    gate: Receiver<()>,
}

#[channel]
impl Rooms {
    #[join("rooms:*")]
    async fn join(&self) {}

    /// Returns when the gate opens.
    #[on("rooms:*", "wait")]
    async fn wait(&self) -> Result<(), ()> {
        self.gate.recv().await.unwrap();
        Ok(())
    }
}

/// A server, and what its requests wait for.
struct Scene {
    handle: ServerHandle,
    address: SocketAddr,
    /// One for each request that the server has.
    arrived: Receiver<()>,
    /// Lets one request for `/held` go on to the channel.
    door: Sender<()>,
    /// Lets one waiting handler go on.
    gate: Sender<()>,
}

/// A request that the server has, and the answer to it is not there yet.
struct Asked(TcpStream);

impl Scene {
    fn on_each_runtime(test: impl Fn(Self)) {
        test(Self::start(|app| {
            let server = trillium_smol::config().without_signals();
            server.with_host("127.0.0.1").with_port(0).spawn(app)
        }));
        test(Self::start(|app| {
            let server = trillium_tokio::config().without_signals();
            server.with_host("127.0.0.1").with_port(0).spawn(app)
        }));
    }

    fn start(spawn: impl FnOnce(Doorman) -> ServerHandle) -> Self {
        let (gate, waiting) = async_channel::unbounded();
        let (door, held) = async_channel::unbounded();
        let (tell, arrived) = async_channel::unbounded();
        let config = Config::new().long_poll_window(WINDOW);
        let channel = channel(Rooms { gate: waiting }).with_config(config);
        let handle = spawn(Doorman {
            channel: channel.long_poll(),
            tell,
            held,
        });
        let info = block_on(handle.info());
        Self {
            address: *info.tcp_socket_addr().unwrap(),
            handle,
            arrived,
            door,
            gate,
        }
    }

    /// Sends a request, of which the server does not get more than this part.
    fn ask(&self, method: &str, path: &str, body: &str, length: usize) -> Asked {
        let mut stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\
             Content-Length: {length}\r\n\r\n"
        );
        stream.write_all((head + body).as_bytes()).unwrap();
        self.arrived.recv_blocking().unwrap();
        Asked(stream)
    }

    fn get(&self, path: &str) -> Asked {
        self.ask("GET", path, "", 0)
    }

    fn post(&self, path: &str, frame: &Value) -> Asked {
        let body = frame.to_string();
        self.ask("POST", path, &body, body.len())
    }

    /// The path of a new session that has joined a topic, and polled for the reply.
    fn joined(&self) -> String {
        let opened = self.get("/?vsn=2.0.0").body();
        let path = format!("/?vsn=2.0.0&token={}", opened["token"].as_str().unwrap());
        let join = json!(["1", "1", "rooms:1", "phx_join", {}]);
        assert_eq!(self.post(&path, &join).body(), json!({"status": 200}));
        let reply = &self.get(&path).body()["messages"][0];
        assert!(reply.as_str().unwrap().contains("phx_reply"), "{reply}");
        path
    }
}

impl Asked {
    fn answer(mut self) -> String {
        let mut answer = String::new();
        self.0.read_to_string(&mut answer).unwrap();
        answer
    }

    fn body(self) -> Value {
        let answer = self.answer();
        let (_, body) = answer.split_once("\r\n\r\n").unwrap();
        serde_json::from_str(body).unwrap()
    }

    /// Asserts that the client is told to try again elsewhere, in a way that a page of any origin sees.
    fn assert_refused_with_503(self) {
        let answer = self.answer().to_lowercase();
        assert!(answer.starts_with("http/1.1 503"), "{answer}");
        assert!(
            answer.contains("access-control-allow-origin: *"),
            "{answer}"
        );
    }
}

/// A handler around the channel, which tells when a request has got as far as it gets without waiting: a
/// poll waits for messages then.
struct Doorman {
    channel: LongPoll<Rooms>,
    tell: Sender<()>,
    held: Receiver<()>,
}

impl Handler for Doorman {
    async fn init(&mut self, info: &mut Info) {
        self.channel.init(info).await;
    }

    async fn run(&self, conn: Conn) -> Conn {
        let mut answer = pin!(async {
            if conn.path() == "/held" {
                self.held.recv().await.unwrap();
            }
            self.channel.run(conn).await
        });
        let at_once = poll_once(&mut answer).await;
        self.tell.send(()).await.unwrap();
        match at_once {
            Some(conn) => conn,
            None => answer.await,
        }
    }
}

/// There is nothing to tell but that it is over. A poll that another one has taken over from ends as it
/// always does, only sooner: the server could not end before it.
#[test]
fn c_3_shutdown_answers_polls() {
    Scene::on_each_runtime(|scene| {
        let path = scene.joined();
        let (first, second) = (scene.get(&path), scene.get(&path));
        let over = scene.handle.shut_down();
        second.assert_refused_with_503();
        assert_eq!(first.body()["status"], 204);
        over.block();
    });
}

#[test]
fn c_3_shutdown_answers_what_was_accepted_to_the_poll() {
    Scene::on_each_runtime(|scene| {
        let path = scene.joined();
        let wait = json!(["1", "2", "rooms:1", "wait", {}]);
        assert_eq!(scene.post(&path, &wait).body(), json!({"status": 200}));
        let poll = scene.get(&path);
        let over = scene.handle.shut_down();
        scene.gate.send_blocking(()).unwrap();
        let body = poll.body();
        let message: Value = serde_json::from_str(body["messages"][0].as_str().unwrap()).unwrap();
        let reply = json!({"status": "ok", "response": {}});
        assert_eq!(message, json!(["1", "2", "rooms:1", "phx_reply", reply]));
        assert_eq!(body["status"], 200);
        over.block();
    });
}

#[test]
fn c_3_shutdown_lets_nobody_in_who_polls() {
    Scene::on_each_runtime(|scene| {
        let path = scene.joined();
        let held = path.replace("/?", "/held?");
        let (poll, opens, polls) = (
            scene.get(&path),
            scene.get("/held?vsn=2.0.0"),
            scene.get(&held),
        );
        let publishes = scene.post(&held, &json!([null, "2", "phoenix", "heartbeat", {}]));
        let over = scene.handle.shut_down();
        // From now on it is over for the session, too.
        poll.assert_refused_with_503();
        for _ in 0..3 {
            scene.door.send_blocking(()).unwrap();
        }
        opens.assert_refused_with_503();
        polls.assert_refused_with_503();
        assert_eq!(publishes.body(), json!({"status": 410}));
        over.block();
    });
}

/// It would wait for the rest for as long as the client likes.
#[test]
fn c_3_shutdown_does_not_wait_for_half_a_message() {
    Scene::on_each_runtime(|scene| {
        let path = scene.joined();
        let half = scene.ask("POST", &path, "[null,", 100);
        let over = scene.handle.shut_down();
        assert_eq!(half.body(), json!({"status": 410}));
        over.block();
    });
}
