//! A server on a free port, and a client that speaks to it.

use phx_channels::{Broadcaster, ChannelHandler, Config, channel};
use serde_json::{Value, json};
use std::net::{SocketAddr, TcpStream};
use trillium::Handler;
use trillium_testing::ServerHandle;
use tungstenite::{
    Error, Message, WebSocket,
    handshake::client::generate_key,
    http::{Request, Response},
    protocol::frame::{CloseFrame, coding::CloseCode},
};

pub(crate) struct Server {
    handle: ServerHandle,
    address: SocketAddr,
    broadcaster: Broadcaster,
}

pub(crate) struct Client(WebSocket<TcpStream>);

impl Server {
    pub(crate) fn on_smol(handler: impl ChannelHandler, config: Config) -> Self {
        Self::start(handler, config, |app| {
            let server = trillium_smol::config().without_signals();
            server.with_host("127.0.0.1").with_port(0).spawn(app)
        })
    }

    pub(crate) fn on_tokio(handler: impl ChannelHandler, config: Config) -> Self {
        Self::start(handler, config, |app| {
            let server = trillium_tokio::config().without_signals();
            server.with_host("127.0.0.1").with_port(0).spawn(app)
        })
    }

    fn start<H: ChannelHandler>(
        handler: H,
        config: Config,
        spawn: impl FnOnce((phx_channels::Channel<H>, &'static str)) -> ServerHandle,
    ) -> Self
    where
        (phx_channels::Channel<H>, &'static str): Handler,
    {
        let channel = channel(handler).with_config(config);
        let broadcaster = channel.broadcaster();
        let handle = spawn((channel, "the next handler"));
        let info = futures_lite::future::block_on(handle.info());
        Self {
            address: *info.tcp_socket_addr().unwrap(),
            handle,
            broadcaster,
        }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(crate) fn broadcaster(&self) -> &Broadcaster {
        &self.broadcaster
    }

    /// Shuts the server down and waits until it is.
    pub(crate) fn stop(self) {
        self.handle.shut_down().block();
    }

    pub(crate) fn connect(&self) -> Client {
        self.try_connect("/socket/websocket?vsn=2.0.0", None)
            .unwrap()
    }

    pub(crate) fn try_connect(
        &self,
        path: &str,
        origin: Option<&str>,
    ) -> Result<Client, Box<Response<Option<Vec<u8>>>>> {
        let mut request = Request::get(format!("ws://{}{path}", self.address))
            .header("host", self.address.to_string())
            .header("connection", "upgrade")
            .header("upgrade", "websocket")
            .header("sec-websocket-version", "13")
            .header("sec-websocket-key", generate_key());
        if let Some(origin) = origin {
            request = request.header("origin", origin);
        }
        let stream = TcpStream::connect(self.address).unwrap();
        match tungstenite::client(request.body(()).unwrap(), stream) {
            Ok((websocket, _)) => Ok(Client(websocket)),
            Err(tungstenite::HandshakeError::Failure(Error::Http(response))) => Err(response),
            Err(error) => panic!("{error}"),
        }
    }

    /// The HTTP status with which a handshake is refused.
    pub(crate) fn refused(&self, path: &str, origin: Option<&str>) -> u16 {
        match self.try_connect(path, origin) {
            Ok(_) => panic!("{path} was accepted"),
            Err(response) => response.status().as_u16(),
        }
    }
}

impl Client {
    pub(crate) fn send(&mut self, frame: &Value) {
        self.send_raw(Message::text(frame.to_string()));
    }

    pub(crate) fn send_raw(&mut self, message: Message) {
        self.0.send(message).unwrap();
    }

    pub(crate) fn receive(&mut self) -> Value {
        serde_json::from_str(&self.receive_raw().into_text().unwrap()).unwrap()
    }

    pub(crate) fn receive_raw(&mut self) -> Message {
        self.0.read().unwrap()
    }

    pub(crate) fn join(&mut self, topic: &str) {
        self.send(&json!(["1", "1", topic, "phx_join", {}]));
        assert_eq!(self.receive()[4]["status"], "ok");
    }

    /// The code that the server closes with; `None` if the connection breaks without one.
    pub(crate) fn closed(&mut self) -> Option<u16> {
        loop {
            match self.0.read() {
                Ok(Message::Close(frame)) => return frame.map(|frame| frame.code.into()),
                Ok(_) => {}
                Err(_) => return None,
            }
        }
    }

    pub(crate) fn close(&mut self) {
        let code = CloseCode::Normal;
        let frame = CloseFrame {
            code,
            reason: "".into(),
        };
        self.0.close(Some(frame)).unwrap();
    }

    pub(crate) fn stream(&mut self) -> &mut TcpStream {
        self.0.get_mut()
    }
}
