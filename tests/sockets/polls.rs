//! Clients that poll, and the end of the server for them (C-3). Windows last for an hour here, so that none
//! of them ends by itself.

use async_channel::{Receiver, Sender};
use futures_lite::future::{block_on, poll_once};
use phx_channels::{Config, LongPoll, OriginPolicy, channel};
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
/// How many events wait for a busy topic.
const QUEUE: usize = 2;

fn config() -> Config {
    Config::new().long_poll_window(WINDOW).topic_queue(QUEUE)
}

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
        Self::with_config_on_each_runtime(&config(), test);
    }

    fn with_config_on_each_runtime(config: &Config, test: impl Fn(Self)) {
        test(Self::start(config, |app| {
            let server = trillium_smol::config().without_signals();
            server.with_host("127.0.0.1").with_port(0).spawn(app)
        }));
        test(Self::start(config, |app| {
            let server = trillium_tokio::config().without_signals();
            server.with_host("127.0.0.1").with_port(0).spawn(app)
        }));
    }

    fn start(config: &Config, spawn: impl FnOnce(Doorman) -> ServerHandle) -> Self {
        let (gate, waiting) = async_channel::unbounded();
        let (door, held) = async_channel::unbounded();
        let (tell, arrived) = async_channel::unbounded();
        let channel = channel(Rooms { gate: waiting }).with_config(config.clone());
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
        self.ask_with("", method, path, body, length)
    }

    /// The same with more header lines.
    fn ask_with(
        &self,
        headers: &str,
        method: &str,
        path: &str,
        body: &str,
        length: usize,
    ) -> Asked {
        let mut stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\
             {headers}Content-Length: {length}\r\n\r\n"
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

    /// Asserts that the client is told so with this status of HTTP, and a page of any origin sees it.
    fn assert_refused_with(self, status: u16) {
        let answer = self.answer().to_lowercase();
        let expected = format!("http/1.1 {status}");
        assert!(answer.starts_with(&expected), "{answer}");
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
        second.assert_refused_with(503);
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
        poll.assert_refused_with(503);
        for _ in 0..3 {
            scene.door.send_blocking(()).unwrap();
        }
        opens.assert_refused_with(503);
        polls.assert_refused_with(503);
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

/// All that wait are woken, and not only the last one of them.
#[test]
fn posts_at_once_are_all_answered() {
    Scene::on_each_runtime(|scene| {
        let path = scene.joined();
        let wait = |number: usize| json!(["1", number.to_string(), "rooms:1", "wait", {}]);
        // One is with the handler, and this many fit behind it.
        for number in 0..=QUEUE {
            assert_eq!(
                scene.post(&path, &wait(number)).body(),
                json!({"status": 200})
            );
        }
        let posts: Vec<_> = (0..8)
            .map(|number| scene.post(&path, &wait(number)))
            .collect();
        for _ in 0..=QUEUE + 8 {
            scene.gate.send_blocking(()).unwrap();
        }
        for post in posts {
            assert_eq!(post.body(), json!({"status": 200}));
        }
    });
}

#[test]
fn a_body_that_does_not_come_is_answered() {
    let config = config().body_timeout(Duration::from_millis(50));
    Scene::with_config_on_each_runtime(&config, |scene| {
        let path = scene.joined();
        let half = scene.ask("POST", &path, "[null,", 100);
        assert_eq!(half.body(), json!({"status": 408}));
        // The session has lost nothing by it.
        let heartbeat = json!([null, "2", "phoenix", "heartbeat", {}]);
        assert_eq!(scene.post(&path, &heartbeat).body(), json!({"status": 200}));
    });
}

#[test]
fn a_body_that_there_is_no_room_for_is_refused() {
    const KIB: usize = 1024;
    let config = config().max_message_size(64 * KIB);
    Scene::with_config_on_each_runtime(&config.connection_budget(256 * KIB), |scene| {
        let path = scene.joined();
        // The request counts as well as its body.
        for (length, status) in [(240 * KIB, 429), (300 * KIB, 400)] {
            let body = "x".repeat(length);
            let refused = scene.ask("POST", &path, &body, length);
            refused.assert_refused_with(status);
        }
        let heartbeat = json!([null, "2", "phoenix", "heartbeat", {}]);
        assert_eq!(scene.post(&path, &heartbeat).body(), json!({"status": 200}));
    });
}

#[test]
fn a_token_is_worth_nothing_elsewhere() {
    const PAGE: &str = "Origin: https://page.example\r\n";
    const OTHER: &str = "Origin: https://other.example\r\n";
    let config = config().origin(OriginPolicy::Any);
    Scene::with_config_on_each_runtime(&config, |scene| {
        let heartbeat = json!([null, "2", "phoenix", "heartbeat", {}]).to_string();
        let from = |path: &str, method: &str, origin: &str| {
            let body = if method == "POST" { &*heartbeat } else { "" };
            scene.ask_with(origin, method, path, body, body.len())
        };
        let forbidden = json!({"status": 403});
        let open = |origin| {
            let opened = from("/?vsn=2.0.0", "GET", origin).body();
            format!("/?vsn=2.0.0&token={}", opened["token"].as_str().unwrap())
        };
        let path = open(PAGE);
        for method in ["GET", "POST"] {
            for origin in [OTHER, "", &format!("{PAGE}{OTHER}")] {
                assert_eq!(
                    from(&path, method, origin).body(),
                    forbidden,
                    "{method} {origin}"
                );
            }
        }
        assert_eq!(from(&path, "POST", PAGE).body(), json!({"status": 200}));
        assert_eq!(from(&path, "GET", PAGE).body()["status"], 200);
        // A page of the server's own origin tells it only when it posts.
        let path = open("");
        assert_eq!(from(&path, "GET", OTHER).body(), forbidden);
        assert_eq!(from(&path, "POST", PAGE).body(), json!({"status": 200}));
        assert_eq!(from(&path, "POST", OTHER).body(), forbidden);
        assert_eq!(from(&path, "GET", "").body()["status"], 200);
    });
}

/// The policy holds for each request, as Phoenix has it.
#[test]
fn a_page_that_may_not_open_a_session_may_not_use_one() {
    Scene::on_each_runtime(|scene| {
        let path = scene.joined();
        for method in ["GET", "POST"] {
            let asked = scene.ask_with("Origin: https://evil.example\r\n", method, &path, "", 0);
            assert_eq!(asked.body(), json!({"status": 403}));
        }
    });
}

#[test]
fn sessions_of_one_peer_are_limited() {
    let config = config().max_polling_sessions_per_peer(2);
    Scene::with_config_on_each_runtime(&config, |scene| {
        let opened = [(); 2].map(|()| scene.get("/?vsn=2.0.0").body());
        assert!(opened.iter().all(|opened| opened["status"] == 410));
        scene.get("/?vsn=2.0.0").assert_refused_with(429);
    });
}
