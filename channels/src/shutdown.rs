//! The end of a server: its connections are told in batches, so that their clients do not all come back
//! at the same moment.

use crate::{
    clock::Timer, close::CloseCode, config::Config, socket::Connection, sync::Mutex,
    transport::websocket::ServerTimer,
};
use slab::Slab;
use std::{
    process,
    sync::{Arc, Weak},
    time::Duration,
};
use trillium_server_common::{Runtime, Swansong};

/// Over how many batches the connections are spread.
const BATCHES: u32 = 20;
/// So many connections are not worth a second batch.
const BATCH: usize = 50;

/// The connections of one mount, so that they can be told when the server shuts down.
#[derive(Debug, Default)]
pub(crate) struct Roster(Mutex<Inner>);

#[derive(Debug, Default)]
struct Inner {
    connections: Slab<Weak<Connection>>,
    closed: bool,
}

/// The place of a connection in the roster, for as long as its task lives.
#[derive(Debug)]
pub(crate) struct Seat {
    roster: Arc<Roster>,
    key: usize,
}

/// Ends all connections when the server shuts down.
pub(crate) fn watch(
    roster: &Arc<Roster>,
    config: &Arc<Config>,
    runtime: &Runtime,
    swansong: &Swansong,
) {
    let (roster, config) = (Arc::clone(roster), Arc::clone(config));
    if let Some(timeout) = config.exit_after {
        let timer = ServerTimer(runtime.clone());
        runtime.spawn_detached(exit(swansong.clone(), timer, timeout));
    }
    let (timer, shutting_down) = (ServerTimer(runtime.clone()), swansong.shutting_down());
    runtime.spawn_detached(async move {
        shutting_down.await;
        roster.drain(&config, &timer).await;
    });
}

/// Ends the process when the server has not ended so long after it was told to: something that is not a channel's
/// holds it.
async fn exit(swansong: Swansong, timer: ServerTimer, timeout: Duration) {
    swansong.shutting_down().await;
    timer.delay(timeout).await;
    if !swansong.state().is_complete() {
        log::warn!("the process exits: the server did not end within `Config::exit_after`");
        process::exit(0);
    }
}

impl Roster {
    /// Puts a connection into the roster. One that comes when the server shuts down already is told at
    /// once.
    pub(crate) fn enter(self: &Arc<Self>, connection: &Arc<Connection>) -> Seat {
        let mut inner = self.0.lock();
        let key = inner.connections.insert(Arc::downgrade(connection));
        let closed = inner.closed;
        drop(inner);
        if closed {
            connection.retire();
        }
        Seat {
            roster: Arc::clone(self),
            key,
        }
    }

    /// Whether the server shuts down, so that nobody may enter any more.
    pub(crate) fn is_closed(&self) -> bool {
        self.0.lock().closed
    }

    /// Whether all connections are gone.
    #[cfg(feature = "testing")]
    pub(crate) fn is_empty(&self) -> bool {
        self.0.lock().connections.is_empty()
    }

    /// Ends all connections: first those that have nothing under way and those whose handlers finish in
    /// time, then the others, and in the end those that are still not gone.
    pub(crate) async fn drain(&self, config: &Config, timer: &dyn Timer) {
        self.0.lock().closed = true;
        self.retire_all(config, timer).await;
        timer.delay(config.shutdown_timeout).await;
        for connection in self.connections() {
            connection.close(CloseCode::Restart);
        }
        timer.delay(config.close_timeout).await;
        let left = self.connections();
        if !left.is_empty() {
            log::warn!(
                "{} connections were cut off: their handlers did not end",
                left.len()
            );
        }
        for connection in left {
            connection.abandon();
        }
    }

    async fn retire_all(&self, config: &Config, timer: &dyn Timer) {
        let connections: Vec<_> = self
            .0
            .lock()
            .connections
            .iter()
            .map(|(_, it)| Weak::clone(it))
            .collect();
        let size = connections.len().div_ceil(BATCHES as usize).max(BATCH);
        let pause = config.shutdown_spread / BATCHES;
        for (n, batch) in connections.chunks(size).enumerate() {
            if n > 0 {
                timer.delay(pause).await;
            }
            for connection in batch.iter().filter_map(Weak::upgrade) {
                connection.retire();
            }
        }
    }

    pub(crate) fn connections(&self) -> Vec<Arc<Connection>> {
        let inner = self.0.lock();
        let connections = inner.connections.iter();
        connections.filter_map(|(_, it)| it.upgrade()).collect()
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.roster.0.lock().connections.try_remove(self.key);
    }
}
