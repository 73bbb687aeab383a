//! An application that fails in every way there is, and what must be true afterwards.

use async_channel::{Receiver, Sender};
use phx_channels::{
    ChannelConn, ChannelEvent, FromEvent, Joined, channel,
    testing::{TestApp, TestClient},
};
use serde::{Serialize, Serializer};
use serde_json::json;
use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering::SeqCst},
};

pub(crate) const TOPIC: &str = "rooms:1";

/// An application, one of its clients that nothing happens to, and what is counted.
pub(crate) struct Scene {
    pub(crate) app: TestApp<Rooms>,
    /// Lets one waiting handler go on.
    pub(crate) gate: Sender<()>,
    pub(crate) counts: Arc<Counts>,
    bystander: TestClient,
}

#[derive(Default)]
pub(crate) struct Counts {
    connects: AtomicUsize,
    disconnects: AtomicUsize,
}

impl Scene {
    pub(crate) async fn new() -> Self {
        let (gate, waiting) = async_channel::unbounded();
        let counts = Arc::<Counts>::default();
        let app = TestApp::new(&channel(Rooms {
            gate: waiting,
            counts: Arc::clone(&counts),
        }));
        let mut bystander = app.connect().await.unwrap();
        bystander.join(TOPIC, json!({})).await.unwrap_ok();
        Self {
            app,
            gate,
            counts,
            bystander,
        }
    }

    pub(crate) async fn joined(&self) -> TestClient {
        let mut client = self.app.connect().await.unwrap();
        client.join(TOPIC, json!({})).await.unwrap_ok();
        client
    }

    /// Asserts that the bystander is served as if nothing had happened.
    pub(crate) async fn assert_bystander_unaffected(&mut self) {
        let client = &mut self.bystander;
        client.call(TOPIC, "echo", json!({})).await.unwrap_ok();
        let broadcaster = self.app.broadcaster();
        broadcaster.broadcast((TOPIC, "news", json!({"n": 1})));
        assert_eq!(client.event(TOPIC, "news").await, json!({"n": 1}));
    }

    /// Asserts that nothing is left of any client, once the bystander has gone as well.
    pub(crate) async fn assert_all_over(mut self) {
        self.assert_bystander_unaffected().await;
        assert_eq!(self.topics(), 1, "members of another topic are left");
        drop(self.bystander);
        assert!(self.app.is_idle(), "a task is left");
        assert_eq!(topics_of(&self.app), 0, "a member is left");
        self.counts.assert_even();
    }

    /// Asserts that the server has shut down in order, and that nothing is left of any client.
    pub(crate) async fn assert_shut_down(mut self) {
        assert_eq!(self.bystander.closed().await, Some(1012));
        assert!(self.app.is_idle(), "a task is left");
        assert_eq!(topics_of(&self.app), 0, "a member is left");
        self.counts.assert_even();
        // Who waits no more does not go on, either.
        self.gate.send(()).await.unwrap();
        self.app.settle();
        assert_eq!(self.gate.len(), 1, "a handler has gone on");
    }

    /// The topics that have members.
    pub(crate) fn topics(&self) -> usize {
        self.app.settle();
        topics_of(&self.app)
    }
}

/// The topics that anybody is in. `Broadcaster::stats` leaves those out that are only subscribed to, and
/// nobody may be left in them either.
pub(crate) fn topics_of<H>(app: &TestApp<H>) -> usize {
    let hub = format!("{app:?}");
    let (_, topics) = hub.split_once("topics: ").unwrap();
    let end = topics.find(|c: char| !c.is_ascii_digit()).unwrap();
    topics[..end].parse().unwrap()
}

impl Counts {
    pub(crate) fn disconnects(&self) -> usize {
        self.disconnects.load(SeqCst)
    }

    /// Asserts that every client that has connected is told to have disconnected, and not twice.
    fn assert_even(&self) {
        assert_eq!(self.connects.load(SeqCst), self.disconnects());
    }
}

pub(crate) struct Rooms {
    gate: Receiver<()>,
    counts: Arc<Counts>,
}

/// Panics when it is encoded.
struct Unencodable;

impl Serialize for Unencodable {
    fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
        panic!("in `Serialize`")
    }
}

/// Panics when it is asked for.
struct Unextractable;

impl<'a> FromEvent<'a> for Unextractable {
    type Rejection = &'static str;

    fn from_event(_: ChannelConn<'a>, _: &ChannelEvent) -> Result<Self, &'static str> {
        panic!("in `FromEvent`")
    }
}

/// Panics when it is dropped.
#[derive(Clone)]
pub(crate) struct Undroppable;

impl Drop for Undroppable {
    fn drop(&mut self) {
        // A second panic would end the process.
        assert!(std::thread::panicking(), "in `Drop`");
    }
}

#[channel]
impl Rooms {
    #[connect]
    async fn connect(&self, conn: ChannelConn<'_>) {
        conn.set_id("someone");
        self.counts.connects.fetch_add(1, SeqCst);
    }

    #[disconnect]
    async fn disconnect(&self) {
        self.counts.disconnects.fetch_add(1, SeqCst);
    }

    #[join("rooms:*")]
    async fn join(&self) {}

    #[join("bombs:*")]
    async fn keep(&self) -> Joined<Undroppable> {
        Joined::new(Undroppable)
    }

    /// Waits before the join is decided.
    #[join("doors:{name}")]
    async fn wait_outside(&self, _name: &str) {
        self.wait().await;
    }

    #[join("crash:join")]
    async fn crash(&self) {
        panic!("in a join");
    }

    #[join("crash:extractor")]
    async fn crash_before(&self, _: Unextractable) {}

    #[join("crash:reply")]
    async fn crash_behind(&self) -> Result<Unencodable, ()> {
        Ok(Unencodable)
    }

    #[join("crash:leave")]
    async fn crash_at_the_end(&self) {}

    #[leave("crash:leave")]
    async fn crash_in_leave(&self) {
        panic!("in a leave");
    }

    #[on("rooms:*", "echo")]
    async fn echo(&self) -> Result<(), ()> {
        Ok(())
    }

    #[on("rooms:*", "shout")]
    async fn shout(&self, conn: ChannelConn<'_>) {
        conn.broadcast((conn.topic(), "shout", json!({})));
    }

    #[on("rooms:*", "listen")]
    async fn listen(&self, conn: ChannelConn<'_>) {
        conn.subscribe("news");
    }

    /// Subscribes when the gate opens, and waits once more.
    #[on("rooms:*", "listen_late")]
    async fn listen_late(&self, conn: ChannelConn<'_>) {
        self.wait().await;
        conn.subscribe("news");
        self.wait().await;
    }

    /// Returns when the gate opens.
    #[on("rooms:*", "wait")]
    async fn wait(&self) {
        self.gate.recv().await.unwrap();
    }

    /// The same, with something in hand.
    #[on("rooms:*", "wait_with_bomb")]
    async fn wait_with_bomb(&self) {
        let bomb = Undroppable;
        self.gate.recv().await.unwrap();
        drop(bomb);
    }

    #[on("rooms:*", "crash:handler")]
    async fn crash_in_handler(&self) {
        panic!("in a handler");
    }

    #[on("rooms:*", "crash:late")]
    async fn crash_after_waiting(&self) {
        self.gate.recv().await.unwrap();
        panic!("in a handler that has waited");
    }

    #[on("rooms:*", "crash:extractor")]
    async fn crash_in_extractor(&self, _: Unextractable) {}

    #[on("rooms:*", "crash:reply")]
    async fn crash_in_reply(&self) -> Result<Unencodable, ()> {
        Ok(Unencodable)
    }

    #[on("rooms:*", "crash:push")]
    async fn crash_in_push(&self, conn: ChannelConn<'_>) {
        conn.push((conn.topic(), "bad", Unencodable));
    }

    #[on("rooms:*", "crash:broadcast")]
    async fn crash_in_broadcast(&self, conn: ChannelConn<'_>) {
        conn.broadcast((conn.topic(), "bad", Unencodable));
    }

    #[on("rooms:*", "crash:drop")]
    async fn crash_in_drop(&self) {
        drop(Undroppable);
    }

    #[info("rooms:*")]
    async fn told(&self, _: Undroppable) {}
}
