//! A chat behind TLS on a free port, and what its polls do.

use async_channel::{Receiver, Sender, unbounded};
use futures_lite::future::{block_on, poll_once};
use phx_channels::{Broadcaster, ChannelConn, Config, LongPoll, channel};
use rcgen::{CertifiedKey, generate_simple_self_signed};
use serde_json::Value;
use std::{net::SocketAddr, pin::pin, time::Duration};
use tokio_rustls::rustls::pki_types::CertificateDer;
use trillium::{Conn, Handler, Info, Method};
use trillium_router::Router;
use trillium_rustls::RustlsAcceptor;
use trillium_testing::ServerHandle;

pub(crate) const SOCKET: &str = "/socket/websocket?vsn=2.0.0";
pub(crate) const POLL: &str = "/socket/longpoll?vsn=2.0.0";
/// So long that no poll ends by itself.
const WINDOW: Duration = Duration::from_hours(1);

pub(crate) struct Rooms;

#[channel]
impl Rooms {
    #[join("rooms:*")]
    async fn join(&self) {}

    #[on("rooms:*", "say")]
    async fn say(&self, conn: ChannelConn<'_>, payload: Value) {
        conn.broadcast((conn.topic(), "said", payload));
    }
}

/// What a poll that has to wait does.
#[derive(Debug, PartialEq)]
pub(crate) enum Poll {
    Waits,
    Ends,
}

pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    pub(crate) broadcaster: Broadcaster,
    pub(crate) certificate: CertificateDer<'static>,
    pub(crate) polls: Receiver<Poll>,
    handle: ServerHandle,
}

impl Server {
    /// One server on each runtime.
    pub(crate) fn on_each_runtime() -> [Self; 2] {
        Self::on_each_runtime_with(&Config::new())
    }

    pub(crate) fn on_each_runtime_with(config: &Config) -> [Self; 2] {
        [
            Self::start(config, |app, tls| {
                let server = trillium_smol::config().without_signals();
                let server = server.with_host("127.0.0.1").with_port(0);
                server.with_acceptor(tls).spawn(app)
            }),
            Self::start(config, |app, tls| {
                let server = trillium_tokio::config().without_signals();
                let server = server.with_host("127.0.0.1").with_port(0);
                server.with_acceptor(tls).spawn(app)
            }),
        ]
    }

    fn start(config: &Config, spawn: impl FnOnce(Router, RustlsAcceptor) -> ServerHandle) -> Self {
        let CertifiedKey { cert, signing_key } =
            generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let key = signing_key.serialize_pem();
        let tls = RustlsAcceptor::from_single_cert(cert.pem().as_bytes(), key.as_bytes());
        let channel = channel(Rooms).with_config(config.clone().long_poll_window(WINDOW));
        let broadcaster = channel.broadcaster();
        let (tell, polls) = unbounded();
        let watched = Watched {
            polls: channel.long_poll(),
            tell,
        };
        let app = Router::new()
            .all("/socket/longpoll", watched)
            .all("/socket/websocket", channel);
        let handle = spawn(app, tls);
        let info = block_on(handle.info());
        Self {
            address: *info.tcp_socket_addr().unwrap(),
            broadcaster,
            certificate: cert.der().clone(),
            polls,
            handle,
        }
    }

    /// Ends, and waits until it has.
    pub(crate) async fn end(&self) {
        self.handle.shut_down().await;
    }
}

/// Polls, which tell when they have to wait, and when a poll that waited is over.
struct Watched {
    polls: LongPoll<Rooms>,
    tell: Sender<Poll>,
}

impl Handler for Watched {
    async fn init(&mut self, info: &mut Info) {
        self.polls.init(info).await;
    }

    async fn run(&self, conn: Conn) -> Conn {
        let is_poll = conn.method() == Method::Get;
        let mut answer = pin!(self.polls.run(conn));
        match poll_once(&mut answer).await {
            Some(conn) => conn,
            None if is_poll => {
                let _ends = Ends(&self.tell);
                self.tell.try_send(Poll::Waits).unwrap();
                answer.await
            }
            None => answer.await,
        }
    }
}

/// A poll is over when it has an answer, and when the host drops it.
struct Ends<'a>(&'a Sender<Poll>);

impl Drop for Ends<'_> {
    fn drop(&mut self) {
        self.0.try_send(Poll::Ends).ok();
    }
}
