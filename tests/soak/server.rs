//! The server's side, in a process of its own.

use crate::options::Runtime;
use futures_lite::future::block_on;
use phx_channels::{Broadcaster, ChannelConn, Config, channel};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::{
    io::{self, Read},
    panic, process,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    thread,
    time::Duration,
};
use trillium::Conn;
use trillium_router::Router;

/// The topics `numbers:0` to `numbers:15`, on which numbers are published, one after the other.
pub(crate) const TOPICS: usize = 16;

/// How often each topic gets a number, and [`LOUD`] a message.
const BEAT: Duration = Duration::from_millis(40);

/// Where clients poll.
pub(crate) const LONG_POLL: &str = "/socket/longpoll";

/// A topic of messages that are so large that nobody can stop reading for long.
pub(crate) const LOUD: &str = "loud";
const LOUD_BYTES: usize = 64 * 1024;

/// What the server says about itself.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Stats {
    pub(crate) connects: u64,
    pub(crate) disconnects: u64,
    pub(crate) published: u64,
    pub(crate) crashes: u64,
    /// The topics that have members.
    pub(crate) topics: u64,
}

impl Stats {
    /// The connections that have begun and not ended.
    pub(crate) fn connected(&self) -> u64 {
        self.connects - self.disconnects
    }
}

#[derive(Default)]
struct Counts {
    connects: AtomicU64,
    disconnects: AtomicU64,
    crashes: AtomicU64,
}

struct Soak {
    counts: Arc<Counts>,
    /// For each topic, the number that was published last. Locked until it is on its way to everyone.
    published: Arc<[Mutex<u64>; TOPICS]>,
}

#[channel]
impl Soak {
    #[connect]
    async fn connect(&self) {
        self.counts.connects.fetch_add(1, Relaxed);
    }

    #[disconnect]
    async fn disconnect(&self) {
        self.counts.disconnects.fetch_add(1, Relaxed);
    }

    #[join("numbers:{topic}")]
    async fn join(&self, topic: usize) -> Result<(), &'static str> {
        if topic < TOPICS {
            Ok(())
        } else {
            Err("no such topic")
        }
    }

    #[join("loud")]
    async fn join_loud(&self) {}

    #[join("rounds:{topic}")]
    async fn join_rounds(&self, _topic: &str) {}

    /// The last number that all members have heard of by now, or will before this reply.
    #[on("numbers:{topic}", "last")]
    async fn last(&self, topic: usize) -> Result<u64, ()> {
        Ok(*self.published[topic].lock().unwrap())
    }

    #[on("numbers:*", "echo")]
    async fn echo(&self, payload: Value) -> Result<Value, ()> {
        Ok(payload)
    }

    #[on("numbers:*", "slow")]
    async fn slow(&self) -> Result<(), ()> {
        async_io::Timer::after(BEAT).await;
        Ok(())
    }

    #[on("numbers:*", "boom")]
    async fn boom(&self) {
        panic!("as it was told to");
    }

    /// What comes by this is broadcast by hand.
    #[on("rounds:*", "round")]
    async fn round(&self, conn: ChannelConn<'_>, payload: Value) {
        conn.broadcast((conn.topic(), "round", payload));
    }
}

/// Serves until a signal ends it. Says where on its standard output.
pub(crate) fn serve(runtime: Runtime) {
    let counts = Arc::<Counts>::default();
    let published: Arc<[Mutex<u64>; TOPICS]> = Arc::default();
    let crashes = Arc::clone(&counts);
    panic::set_hook(Box::new(move |_| {
        crashes.crashes.fetch_add(1, Relaxed);
    }));
    let config = Config::new()
        .mailbox(1024, 512 * 1024)
        .max_message_size(256 * 1024)
        // Who has stopped reading is to find out why it was closed.
        .close_timeout(Duration::from_mins(1));
    let soak = Soak {
        counts: Arc::clone(&counts),
        published: Arc::clone(&published),
    };
    let channel = channel(soak).with_config(config);
    let broadcaster = channel.broadcaster();
    let app = (
        Router::new().all(LONG_POLL, channel.long_poll()),
        channel,
        stats(counts, &published, broadcaster.clone()),
    );
    let handle = match runtime {
        Runtime::Smol => trillium_smol::config()
            .with_host("127.0.0.1")
            .with_port(0)
            .spawn(app),
        Runtime::Tokio => trillium_tokio::config()
            .with_host("127.0.0.1")
            .with_port(0)
            .spawn(app),
    };
    thread::spawn(move || publish(&published, &broadcaster));
    thread::spawn(end_with_parent);
    let info = block_on(handle.info());
    println!("{}", info.tcp_socket_addr().unwrap());
    handle.block();
}

/// A server whose clients were killed would run on forever.
fn end_with_parent() {
    // Nothing is ever written to it.
    let _ = io::stdin().read(&mut [0]);
    process::exit(1);
}

/// Any other request is for the state of the server.
fn stats(
    counts: Arc<Counts>,
    published: &Arc<[Mutex<u64>; TOPICS]>,
    broadcaster: Broadcaster,
) -> impl trillium::Handler {
    let published = Arc::clone(published);
    move |conn: Conn| {
        let stats = Stats {
            connects: counts.connects.load(Relaxed),
            disconnects: counts.disconnects.load(Relaxed),
            published: published.iter().map(|last| *last.lock().unwrap()).sum(),
            crashes: counts.crashes.load(Relaxed),
            topics: topics(&broadcaster),
        };
        let body = serde_json::to_string(&stats).unwrap();
        async move { conn.ok(body) }
    }
}

/// The topics that anybody is in. `Broadcaster::stats` leaves those out that are only subscribed to, and
/// nobody may be left in them either.
fn topics(broadcaster: &Broadcaster) -> u64 {
    let hub = format!("{broadcaster:?}");
    let (_, topics) = hub.split_once("topics: ").unwrap();
    let end = topics.find(|c: char| !c.is_ascii_digit()).unwrap();
    topics[..end].parse().unwrap()
}

fn publish(published: &[Mutex<u64>; TOPICS], broadcaster: &Broadcaster) {
    let loud = json!({"noise": "x".repeat(LOUD_BYTES)});
    loop {
        for (topic, last) in published.iter().enumerate() {
            let mut last = last.lock().unwrap();
            let number = *last + 1;
            broadcaster.broadcast((format!("numbers:{topic}"), "number", json!({"n": number})));
            *last = number;
        }
        broadcaster.broadcast((LOUD, "noise", &loud));
        thread::sleep(BEAT);
    }
}
