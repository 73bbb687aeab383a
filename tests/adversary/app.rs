//! The channel that is attacked: a handler for each thing that clients can make a server do.

use async_channel::{Receiver, Sender};
use phx_channels::{Binary, ChannelConn, Payload, Reply, channel};
use serde_json::Value;
use std::sync::{
    Arc, Mutex,
    atomic::{AtomicU64, Ordering::Relaxed},
};
use std::time::Duration;

#[derive(Clone, Default)]
pub(crate) struct Victim {
    gate: Gate,
    counts: Arc<Counts>,
}

/// What has come to handlers.
#[derive(Default)]
pub(crate) struct Counts {
    pub(crate) connects: AtomicU64,
    pub(crate) disconnects: AtomicU64,
    pub(crate) joins: AtomicU64,
    pub(crate) events: AtomicU64,
}

/// Holds up handlers until it is opened. It is closed again for those that come later.
#[derive(Clone)]
pub(crate) struct Gate(Arc<Mutex<(Sender<()>, Receiver<()>)>>);

impl Gate {
    pub(crate) fn open(&self) {
        let mut gate = self.0.lock().unwrap();
        gate.0.close();
        *gate = async_channel::bounded(1);
    }

    async fn pass(&self) {
        let receiver = self.0.lock().unwrap().1.clone();
        let _ = receiver.recv().await;
    }
}

impl Default for Gate {
    fn default() -> Self {
        Self(Arc::new(Mutex::new(async_channel::bounded(1))))
    }
}

/// What a timer tells.
struct Late;

impl Victim {
    pub(crate) fn gate(&self) -> &Gate {
        &self.gate
    }

    pub(crate) fn counts(&self) -> &Counts {
        &self.counts
    }
}

#[channel]
impl Victim {
    #[connect]
    async fn connect(&self) {
        self.counts.connects.fetch_add(1, Relaxed);
    }

    #[disconnect]
    async fn disconnect(&self) {
        self.counts.disconnects.fetch_add(1, Relaxed);
    }

    #[join("rooms:{id}")]
    async fn join(&self, _id: &str) {
        self.counts.joins.fetch_add(1, Relaxed);
    }

    /// Sends twice what it was given, and decides when the gate opens.
    #[join("held:{id}")]
    async fn join_held(&self, conn: ChannelConn<'_>, _id: &str, payload: Payload) {
        self.counts.joins.fetch_add(1, Relaxed);
        conn.push((conn.topic(), "given", &payload));
        conn.push((conn.topic(), "given", &payload));
        self.gate.pass().await;
    }

    #[join("innocent:{id}")]
    async fn join_innocent(&self, _id: &str) {}

    #[on("innocent:*", "ping")]
    async fn ping(&self, number: u64) -> Result<u64, ()> {
        Ok(number)
    }

    #[on("rooms:*", "echo")]
    async fn echo(&self, payload: Payload) -> Reply {
        self.counts.events.fetch_add(1, Relaxed);
        Reply::ok(&payload)
    }

    #[on("rooms:*", "rare", rate = "5/m")]
    async fn rare(&self) -> Result<(), ()> {
        self.counts.events.fetch_add(1, Relaxed);
        Ok(())
    }

    #[on("rooms:*", "bytes")]
    async fn bytes(&self) -> Result<Binary, ()> {
        Ok(Binary(b"bytes".to_vec()))
    }

    /// Answers when the gate opens.
    #[on("rooms:*", "slow")]
    async fn slow(&self, payload: Payload) -> Result<usize, ()> {
        self.counts.events.fetch_add(1, Relaxed);
        self.gate.pass().await;
        Ok(payload.as_json().map_or(0, str::len))
    }

    /// A topic whose name is as short as can be.
    #[join("r")]
    async fn join_r(&self) {
        self.counts.joins.fetch_add(1, Relaxed);
    }

    /// Arms a timer for each event; whether there was room for it.
    #[on("rooms:*", "later")]
    async fn later(&self, conn: ChannelConn<'_>) -> Result<bool, ()> {
        self.counts.events.fetch_add(1, Relaxed);
        let timer = conn.after(Duration::from_hours(1), Late);
        Ok(!timer.is_finished())
    }

    #[info("rooms:*")]
    async fn late(&self, _: Late) {}

    /// Spawns a task for each event, which ends when the gate opens; whether there was room for it.
    #[on("rooms:*", "spawn")]
    async fn spawn(&self, conn: ChannelConn<'_>) -> Result<bool, ()> {
        self.counts.events.fetch_add(1, Relaxed);
        let gate = self.gate.clone();
        let task = conn.spawn(async move { gate.pass().await });
        Ok(!task.is_finished())
    }

    /// To all members of the room.
    #[on("rooms:*", "say")]
    async fn say(&self, conn: ChannelConn<'_>, payload: Payload) {
        self.counts.events.fetch_add(1, Relaxed);
        conn.broadcast((conn.topic(), "said", &payload));
    }

    /// What is said here replaces what was said before.
    #[join("states:{id}", overflow = latest)]
    async fn join_states(&self, _id: &str) {}

    /// Bytes to all members, under the name that the client gives: the frame has little room for it.
    #[on("rooms:*", "relay_bytes")]
    async fn relay_bytes(&self, conn: ChannelConn<'_>, payload: Value) {
        self.counts.events.fetch_add(1, Relaxed);
        let event = payload["event"].as_str().unwrap_or_default();
        conn.broadcast((conn.topic(), event, Binary(b"bytes".to_vec())));
    }

    /// To all members of the room, under the name that the client gives.
    #[on("*", "relay")]
    async fn relay(&self, conn: ChannelConn<'_>, payload: Value) {
        self.counts.events.fetch_add(1, Relaxed);
        let event = payload["event"].as_str().unwrap_or_default();
        conn.broadcast((conn.topic(), event, &payload["payload"]));
    }
}
