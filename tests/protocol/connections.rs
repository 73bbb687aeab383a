//! How many clients may be connected, in all and from one address.

use crate::app::{Rooms, rooms};
use futures_lite::future::{block_on, poll_once};
use phx_channels::{ChannelConn, Config, channel, testing::TestApp};
use std::{net::Ipv6Addr, pin::pin};

fn app(config: Config) -> TestApp<Rooms> {
    TestApp::new(&channel(rooms().0).with_config(config))
}

#[test]
fn max_connections_refuses_with_503() {
    block_on(async {
        let app = app(Config::new().max_connections(2));
        let first = app.connect().await.unwrap();
        let _second = app.connect().await.unwrap();
        for _ in 0..3 {
            let refused = app.connect().await.unwrap_err();
            assert_eq!(u16::from(refused.status()), 503);
        }
        drop(first);
        app.settle();
        let _third = app.connect().await.unwrap();
        assert!(app.connect().await.is_err());
    });
}

#[test]
fn max_connections_does_not_count_those_who_are_refused() {
    block_on(async {
        let app = app(Config::new().max_connections(1));
        for token in ["bad", "busy", "raise"] {
            assert!(app.connect().param("token", token).await.is_err());
        }
        assert!(app.connect().vsn(Some("3.0.0")).await.is_err());
        app.connect().await.unwrap();
    });
}

/// Many who all wait for a slow `connect` are as many as there may be.
#[test]
fn max_connections_counts_those_who_are_about_to_connect() {
    struct Slow;

    #[channel]
    impl Slow {
        #[connect]
        async fn connect(&self, conn: ChannelConn<'_>) {
            if conn
                .params()
                .as_json()
                .is_some_and(|json| json.contains("slow"))
            {
                std::future::pending::<()>().await;
            }
        }

        #[join("rooms:*")]
        async fn join(&self) {}
    }

    block_on(async {
        let app = TestApp::new(&channel(Slow).with_config(Config::new().max_connections(1)));
        {
            let mut slow = pin!(app.connect().param("is", "slow").into_future());
            assert!(poll_once(&mut slow).await.is_none());
            assert!(app.connect().await.is_err());
        }
        // It has given up.
        app.connect().await.unwrap();
    });
}

#[test]
fn max_connections_per_peer_refuses_with_429() {
    block_on(async {
        let app = app(Config::new().max_connections_per_peer(1));
        let ann = app.connect().peer_ip([10, 0, 0, 1]).await.unwrap();
        let refused = app.connect().peer_ip([10, 0, 0, 1]).await.unwrap_err();
        assert_eq!(u16::from(refused.status()), 429);
        let _bob = app.connect().peer_ip([10, 0, 0, 2]).await.unwrap();
        drop(ann);
        app.settle();
        let _ann = app.connect().peer_ip([10, 0, 0, 1]).await.unwrap();
        // Those without an address, such as of a Unix socket, are not told apart.
        let _nobody = app.connect().await.unwrap();
        let _nobody = app.connect().await.unwrap();
    });
}

#[test]
fn max_connections_per_peer_takes_an_ipv6_network_for_one() {
    block_on(async {
        let app = app(Config::new().max_connections_per_peer(1));
        let ip = |text: &str| text.parse::<Ipv6Addr>().unwrap();
        let _first = app.connect().peer_ip(ip("2001:db8:1:2::1")).await.unwrap();
        let same = app.connect().peer_ip(ip("2001:db8:1:2:ffff::7"));
        assert!(same.await.is_err());
        let _other = app.connect().peer_ip(ip("2001:db8:1:3::1")).await.unwrap();
    });
}
