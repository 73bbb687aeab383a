use super::peer::network;
use crate::{Config, Refused, watch::ConnectRefusal};
use foldhash::fast::RandomState;
use std::{
    collections::{HashMap, hash_map::Entry},
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use trillium::Status;

/// How many clients of a channel are connected or about to be, wherever they came in.
#[derive(Debug, Default)]
pub(crate) struct Visitors(Mutex<Inner>);

#[derive(Debug, Default)]
struct Inner {
    total: usize,
    /// Only where there is a limit.
    by_peer: HashMap<IpAddr, usize, RandomState>,
}

/// Counts a client for as long as this is kept.
#[derive(Debug)]
pub(crate) struct Ticket {
    visitors: Arc<Visitors>,
    /// Boxed: mostly there is none, and each connection has one of these.
    peer: Option<Box<IpAddr>>,
}

impl Visitors {
    /// Counts a client in.
    ///
    /// # Errors
    ///
    /// If there is no room for it.
    pub(crate) fn enter(
        self: &Arc<Self>,
        config: &Config,
        peer: Option<IpAddr>,
    ) -> Result<Ticket, Refused> {
        let mut inner = self.lock();
        if inner.total >= config.max_connections {
            return Err(refused(Status::ServiceUnavailable, ConnectRefusal::Full));
        }
        let peer = peer
            .map(network)
            .filter(|_| config.max_connections_per_peer != usize::MAX);
        if let Some(peer) = peer {
            let count = inner.by_peer.entry(peer).or_default();
            if *count >= config.max_connections_per_peer {
                return Err(refused(Status::TooManyRequests, ConnectRefusal::Peer));
            }
            *count += 1;
        }
        inner.total += 1;
        Ok(Ticket {
            visitors: Arc::clone(self),
            peer: peer.map(Box::new),
        })
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        let mut inner = self.visitors.lock();
        inner.total -= 1;
        if let Some(peer) = &self.peer
            && let Entry::Occupied(mut count) = inner.by_peer.entry(**peer)
        {
            *count.get_mut() -= 1;
            if *count.get() == 0 {
                count.remove();
            }
        }
    }
}

fn refused(status: Status, why: ConnectRefusal) -> Refused {
    Refused::with_status(status).because(why)
}
