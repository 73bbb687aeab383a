use super::{Allowance, peer::network};
use crate::{config::Config, refused::Refused, sync::Mutex, watch::ConnectRefusal};
use std::{collections::HashMap, net::IpAddr, sync::Arc, time::Instant};
use trillium::{KnownHeaderName, Status};

/// Clients that are kept before it is looked who of them can be forgotten.
const FEW: usize = 1024;

/// Who shares the rates of a [`Config`]: `join_rate`, `event_rate`, and the `rate` of an `#[on]`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum RateBy {
    /// All connections of a client. They have the id that `#[connect]` gave them with
    /// [`ChannelConn::set_id`](crate::ChannelConn::set_id), or else the address that they come from, where the
    /// first 64 bits of an IPv6 address count. Connecting anew does not begin a rate anew.
    #[default]
    Client,
    /// Each connection for itself: for clients that share an address which the server does not see behind, such
    /// as that of a proxy, and that have no id. Whoever connects anew begins anew.
    Connection,
}

/// The clients of a channel that have used some of their rates lately.
#[derive(Debug, Default)]
pub(crate) struct Clients(Mutex<Table>);

#[derive(Debug, Default)]
struct Table {
    allowances: HashMap<Client, Arc<Allowance>>,
    /// How many may be in there before it is swept.
    sweep_at: usize,
}

/// Who shares an allowance.
#[derive(Debug, PartialEq, Eq, Hash)]
enum Client {
    Id(Arc<str>),
    Peer(IpAddr),
}

impl Clients {
    /// What is left for a connection with this id and from this address.
    pub(crate) fn of_connection(
        &self,
        config: &Config,
        id: Option<&Arc<str>>,
        peer: Option<IpAddr>,
        now: Instant,
    ) -> Arc<Allowance> {
        let client = match (config.rate_by, id, peer) {
            (RateBy::Client, Some(id), _) => Client::Id(Arc::clone(id)),
            (RateBy::Client, None, Some(ip)) => Client::Peer(network(ip)),
            (RateBy::Client, None, None) | (RateBy::Connection, ..) => return Arc::default(),
        };
        self.of(client, now)
    }

    /// Whether a client may connect from this address now.
    ///
    /// # Errors
    ///
    /// If that is too often.
    pub(crate) fn take_connect(
        &self,
        config: &Config,
        peer: Option<IpAddr>,
        now: Instant,
    ) -> Result<(), Refused> {
        let (Some(rate), Some(ip)) = (config.connect_rate, peer) else {
            return Ok(());
        };
        let allowance = self.of(Client::Peer(network(ip)), now);
        allowance.take_connect(rate, now).map_err(|limited| {
            Refused::with_status(Status::TooManyRequests)
                .header(KnownHeaderName::RetryAfter, limited.retry_after())
                .because(ConnectRefusal::Rate)
        })
    }

    fn of(&self, client: Client, now: Instant) -> Arc<Allowance> {
        let mut table = self.0.lock();
        if table.allowances.len() >= table.sweep_at {
            table.sweep(now);
        }
        Arc::clone(table.allowances.entry(client).or_default())
    }
}

impl Table {
    /// Forgets who is not connected and has all of its rates again. So seldom that it costs each client little.
    fn sweep(&mut self, now: Instant) {
        let is_needed = |allowance: &Arc<Allowance>| {
            Arc::strong_count(allowance) > 1 || !allowance.is_full(now)
        };
        self.allowances.retain(|_, allowance| is_needed(allowance));
        self.sweep_at = FEW.max(2 * self.allowances.len());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::Rate;
    use std::{net::Ipv6Addr, time::Duration};

    /// The clients of as many networks, of which each has connected as often as it may.
    fn connect(clients: &Clients, networks: std::ops::Range<usize>, now: Instant) {
        let config = Config::new().connect_rate(Rate::per_minute(1));
        for number in networks {
            let peer = Some(peer(number));
            assert!(clients.take_connect(&config, peer, now).is_ok());
            assert!(clients.take_connect(&config, peer, now).is_err());
        }
    }

    fn peer(number: usize) -> IpAddr {
        Ipv6Addr::from_bits((number as u128) << 64).into()
    }

    #[test]
    fn who_has_gone_is_forgotten_when_its_rates_are_full_again() {
        let (clients, start) = (Clients::default(), Instant::now());
        let count = || clients.0.lock().allowances.len();
        connect(&clients, 0..10 * FEW, start);
        assert_eq!(count(), 10 * FEW);
        let of_first = |now| clients.of_connection(&Config::new(), None, Some(peer(0)), now);
        let stays = of_first(start);
        let later = start + Duration::from_mins(1);
        connect(&clients, 10 * FEW..20 * FEW, later);
        assert_eq!(count(), 10 * FEW + 1);
        assert!(Arc::ptr_eq(&stays, &of_first(later)));
    }
}
