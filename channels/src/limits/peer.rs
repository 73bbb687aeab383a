use std::net::{IpAddr, Ipv6Addr};

/// What counts as one peer: whoever has an IPv6 address has all of its network, which is of 64 bits.
pub(crate) fn network(ip: IpAddr) -> IpAddr {
    match ip.to_canonical() {
        ip @ IpAddr::V4(_) => ip,
        IpAddr::V6(ip) => Ipv6Addr::from_bits(ip.to_bits() >> 64 << 64).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_of_64_bits_is_one_peer() {
        for (ip, peer) in [
            ("192.0.2.7", "192.0.2.7"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
            // As a socket for both versions sees them: all in one network.
            ("::ffff:192.0.2.7", "192.0.2.7"),
        ] {
            let (ip, peer): (IpAddr, IpAddr) = (ip.parse().unwrap(), peer.parse().unwrap());
            assert_eq!(network(ip), peer);
        }
    }
}
