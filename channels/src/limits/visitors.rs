use super::peer::network;
use crate::{admission::Via, config::Config, refused::Refused, sync::Mutex, watch::ConnectRefusal};
use foldhash::fast::RandomState;
use std::{
    collections::{HashMap, hash_map::Entry},
    net::IpAddr,
    sync::Arc,
};
use trillium::Status;

/// How many clients of a channel are connected or about to be, wherever they came in.
#[derive(Debug, Default)]
pub(crate) struct Visitors(Mutex<Inner>);

#[derive(Debug, Default)]
struct Inner {
    total: usize,
    by_peer: Peers,
    /// Those of them that poll.
    polling: Peers,
}

/// How many clients there are of each peer, where there is a limit.
#[derive(Debug, Default)]
struct Peers(HashMap<IpAddr, usize, RandomState>);

/// Counts a client for as long as this is kept.
#[derive(Debug)]
pub(crate) struct Ticket {
    visitors: Arc<Visitors>,
    /// Boxed: mostly there is none, and each connection has one of these.
    peer: Option<Box<Counted>>,
}

/// Where a client counts for its peer.
#[derive(Debug)]
struct Counted {
    peer: IpAddr,
    by_peer: bool,
    polling: bool,
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
        via: Via,
    ) -> Result<Ticket, Refused> {
        let polls = via == Via::LongPoll;
        let counted = peer.map(|ip| Counted {
            peer: network(ip),
            by_peer: config.max_connections_per_peer != usize::MAX,
            polling: polls && config.max_polling_sessions_per_peer != usize::MAX,
        });
        let counted = counted.filter(|counted| counted.by_peer || counted.polling);
        let mut inner = self.0.lock();
        if inner.total >= config.max_connections {
            return Err(refused(Status::ServiceUnavailable, ConnectRefusal::Full));
        }
        if let Some(counted) = &counted {
            inner.count(counted, config)?;
        }
        inner.total += 1;
        Ok(Ticket {
            visitors: Arc::clone(self),
            peer: counted.map(Box::new),
        })
    }
}

impl Inner {
    fn count(&mut self, counted: &Counted, config: &Config) -> Result<(), Refused> {
        let Counted { peer, .. } = counted;
        let too_many = |why| Err(refused(Status::TooManyRequests, why));
        if counted.by_peer && self.by_peer.of(peer) >= config.max_connections_per_peer {
            return too_many(ConnectRefusal::Peer);
        }
        if counted.polling && self.polling.of(peer) >= config.max_polling_sessions_per_peer {
            return too_many(ConnectRefusal::Sessions);
        }
        for (peers, counts) in self.peers(counted) {
            if counts {
                *peers.0.entry(*peer).or_default() += 1;
            }
        }
        Ok(())
    }

    /// Where a client may count, and whether it does.
    fn peers(&mut self, counted: &Counted) -> [(&mut Peers, bool); 2] {
        [
            (&mut self.by_peer, counted.by_peer),
            (&mut self.polling, counted.polling),
        ]
    }
}

impl Peers {
    fn of(&self, peer: &IpAddr) -> usize {
        self.0.get(peer).copied().unwrap_or_default()
    }

    fn leave(&mut self, peer: IpAddr) {
        if let Entry::Occupied(mut count) = self.0.entry(peer) {
            *count.get_mut() -= 1;
            if *count.get() == 0 {
                count.remove();
            }
        }
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        let mut inner = self.visitors.0.lock();
        inner.total -= 1;
        if let Some(counted) = &self.peer {
            for (peers, counts) in inner.peers(counted) {
                if counts {
                    peers.leave(counted.peer);
                }
            }
        }
    }
}

fn refused(status: Status, why: ConnectRefusal) -> Refused {
    Refused::with_status(status).because(why)
}
