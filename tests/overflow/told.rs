//! The application is told of everything that a client does not get.

use crate::app::{Live, app, broadcast, hang, messages, read_on};
use futures_lite::future::block_on;
use phx_channels::{
    Broadcaster, ChannelConn, Config, Overflow, Overflowed, channel,
    testing::{TestApp, TestClient},
};
use serde_json::json;
use std::sync::{Arc, Mutex, OnceLock};

/// What the application was told: topic, event, policy and socket id.
type Told = Arc<Mutex<Vec<(String, String, Overflow, Option<String>)>>>;

fn listening(config: Config) -> (Config, Told) {
    let told = Told::default();
    let ear = Arc::clone(&told);
    let config = config.on_overflow(move |lost| ear.lock().unwrap().push(parts(lost)));
    (config, told)
}

fn parts(lost: &Overflowed) -> (String, String, Overflow, Option<String>) {
    (
        lost.topic().to_owned(),
        lost.event().to_owned(),
        lost.overflow(),
        lost.socket_id().map(str::to_owned),
    )
}

fn lost(
    topic: &str,
    event: &str,
    overflow: Overflow,
) -> (String, String, Overflow, Option<String>) {
    let id = Some("ann".to_owned());
    (topic.to_owned(), event.to_owned(), overflow, id)
}

fn take(told: &Told) -> Vec<(String, String, Overflow, Option<String>)> {
    std::mem::take(&mut told.lock().unwrap())
}

async fn hanging(app: &TestApp<Live>, topics: &[&str]) -> TestClient {
    let mut client = app.connect().await.unwrap();
    for topic in topics {
        client.join(topic, json!(null)).await.unwrap_ok();
    }
    hang(&client);
    client
}

#[test]
fn of_each_drop_once() {
    block_on(async {
        let (config, told) = listening(messages(2));
        let app = app(config);
        let policies = [
            ("oldest:1", Overflow::DropOldest),
            ("newest:1", Overflow::DropNewest),
            ("latest:1", Overflow::Latest),
        ];
        for (topic, overflow) in policies {
            let _client = hanging(&app, &[topic]).await;
            broadcast(&app, topic, 0..2);
            let replaced = usize::from(overflow == Overflow::Latest);
            assert_eq!(take(&told).len(), replaced);
            broadcast(&app, topic, 2..4);
            assert_eq!(take(&told), vec![lost(topic, "n", overflow); 2]);
        }
    });
}

#[test]
fn of_each_member_that_misses_a_broadcast() {
    block_on(async {
        let (config, told) = listening(messages(2));
        let app = app(config);
        let mut members = Vec::new();
        for _ in 0..3 {
            members.push(hanging(&app, &["oldest:1"]).await);
        }
        broadcast(&app, "oldest:1", 0..3);
        let each = lost("oldest:1", "n", Overflow::DropOldest);
        assert_eq!(take(&told), vec![each; 3]);
    });
}

#[test]
fn of_a_broadcast_that_a_reply_displaces() {
    block_on(async {
        let (config, told) = listening(messages(2));
        let app = app(config);
        let mut client = hanging(&app, &["oldest:1", "any:1"]).await;
        broadcast(&app, "oldest:1", 0..2);
        client.push("any:1", "echo", json!(1));
        client.settle();
        assert_eq!(take(&told), [lost("oldest:1", "n", Overflow::DropOldest)]);
    });
}

#[test]
fn of_each_close_once() {
    block_on(async {
        let (config, told) = listening(messages(2));
        let app = app(config);
        let client = hanging(&app, &["any:1"]).await;
        broadcast(&app, "any:1", 0..5);
        drop(client);
        assert_eq!(take(&told), [lost("any:1", "n", Overflow::Disconnect)]);

        let mut client = hanging(&app, &["any:1"]).await;
        client.push("any:1", "push", json!(9));
        client.settle();
        assert_eq!(take(&told), [lost("any:1", "pushed", Overflow::Disconnect)]);

        let mut client = hanging(&app, &["any:1"]).await;
        for _ in 0..3 {
            client.push("phoenix", "heartbeat", json!({}));
        }
        client.settle();
        assert_eq!(take(&told), [lost("", "phx_reply", Overflow::Disconnect)]);
    });
}

#[test]
fn of_what_a_handler_broadcasts() {
    block_on(async {
        let (config, told) = listening(messages(2));
        let app = app(config);
        let mut slow = hanging(&app, &["newest:1"]).await;
        let mut quick = app.connect().await.unwrap();
        quick.join("newest:1", json!(null)).await.unwrap_ok();
        for _ in 0..3 {
            let reply = quick.call("newest:1", "broadcast", json!(1)).await;
            assert_eq!(reply.unwrap_ok(), json!(1));
        }
        assert_eq!(take(&told), [lost("newest:1", "n", Overflow::DropNewest)]);
        assert_eq!(read_on(&mut slow).await, ["newest 0", "newest 0"]);
    });
}

#[test]
fn and_a_panic_there_hurts_nobody() {
    block_on(async {
        let config = messages(2).on_overflow(|_| panic!("not my day"));
        let app = app(config);
        let mut slow = hanging(&app, &["oldest:1"]).await;
        let mut quick = app.connect().await.unwrap();
        quick.join("oldest:1", json!(null)).await.unwrap_ok();
        // Told in the task of the one that sends, and in this thread.
        for n in 0..4 {
            let reply = quick.call("oldest:1", "broadcast", json!(1)).await;
            assert_eq!(reply.unwrap_ok(), json!(1));
            broadcast(&app, "oldest:1", n..n + 1);
        }
        for n in 0..4 {
            assert_eq!(quick.event("oldest:1", "n").await["n"], 0);
            assert_eq!(quick.event("oldest:1", "n").await["n"], n);
        }
        assert_eq!(app.broadcaster().stats().dropped_oldest, 6);
        assert_eq!(read_on(&mut slow).await, ["oldest 0", "oldest 3"]);
    });
}

/// No lock is held there: it may look around, send where it is told from, and disconnect who is too
/// slow.
#[test]
fn and_may_send_on_the_same_topic() {
    block_on(async {
        let broadcaster = Arc::new(OnceLock::<Broadcaster>::new());
        let joined = Arc::new(Mutex::new(Vec::new()));
        let (own, seen) = (Arc::clone(&broadcaster), Arc::clone(&joined));
        let config = messages(2).on_overflow(move |lost| {
            let broadcaster = own.get().unwrap();
            broadcaster.broadcast((lost.topic(), "lost"));
            let stats = broadcaster.stats();
            seen.lock().unwrap().push(stats.joined_topics);
            broadcaster.disconnect(lost.socket_id().unwrap());
        });
        let app = app(config);
        broadcaster.set(app.broadcaster()).unwrap();
        let mut slow = hanging(&app, &["oldest:1"]).await;
        broadcast(&app, "oldest:1", 0..3);
        assert_eq!(joined.lock().unwrap()[0], 1);
        slow.resume_reading();
        assert_eq!(slow.closed().await, Some(1001));
    });
}

/// Counts what it was told while its handler goes on sending.
struct Counting(Told);

#[channel]
impl Counting {
    #[join("oldest:*", overflow = drop_oldest)]
    async fn join(&self) {}

    #[on("oldest:*", "broadcast")]
    async fn broadcast(&self, conn: ChannelConn<'_>, count: usize) -> Result<Vec<usize>, ()> {
        let told = (0..count).map(|_| {
            conn.broadcast((conn.topic(), "n"));
            self.0.lock().unwrap().len()
        });
        Ok(told.collect())
    }
}

/// Otherwise what is still to be told would need memory without a bound.
#[test]
fn before_a_handler_sends_something_else() {
    block_on(async {
        let (config, told) = listening(messages(2));
        let app = TestApp::new(&channel(Counting(told)).with_config(config));
        let mut slow = app.connect().await.unwrap();
        slow.join("oldest:1", json!(null)).await.unwrap_ok();
        hang(&slow);
        slow.push("oldest:1", "broadcast", json!(4));
        slow.settle();
        let heard = read_on(&mut slow).await;
        assert_eq!(heard, ["oldest null", "oldest replied [0,0,1,2]"]);
    });
}
