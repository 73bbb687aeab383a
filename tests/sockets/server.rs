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

type Refusal = Box<Response<Option<Vec<u8>>>>;

pub(crate) struct Client {
    websocket: WebSocket<TcpStream>,
    protocol: Option<String>,
}

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
        Client::connect(self.address)
    }

    pub(crate) fn try_connect(
        &self,
        path: &str,
        headers: &[(&str, &str)],
    ) -> Result<Client, Refusal> {
        Client::try_connect(self.address, path, headers)
    }

    /// The HTTP status with which a handshake is refused.
    pub(crate) fn refused(&self, path: &str, origin: Option<&str>) -> u16 {
        let origin: Vec<_> = origin
            .map(|origin| ("origin", origin))
            .into_iter()
            .collect();
        match self.try_connect(path, &origin) {
            Ok(_) => panic!("{path} was accepted"),
            Err(response) => response.status().as_u16(),
        }
    }
}

impl Client {
    pub(crate) fn connect(address: SocketAddr) -> Self {
        Self::try_connect(address, "/socket/websocket?vsn=2.0.0", &[]).unwrap()
    }

    fn try_connect(
        address: SocketAddr,
        path: &str,
        headers: &[(&str, &str)],
    ) -> Result<Self, Refusal> {
        let mut request = Request::get(format!("ws://{address}{path}"))
            .header("host", address.to_string())
            .header("connection", "upgrade")
            .header("upgrade", "websocket")
            .header("sec-websocket-version", "13")
            .header("sec-websocket-key", generate_key());
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let stream = TcpStream::connect(address).unwrap();
        match tungstenite::client(request.body(()).unwrap(), stream) {
            Ok((websocket, response)) => {
                let protocol = response.headers().get("sec-websocket-protocol");
                let protocol = protocol.map(|name| name.to_str().unwrap().to_owned());
                Ok(Client {
                    websocket,
                    protocol,
                })
            }
            Err(tungstenite::HandshakeError::Failure(Error::Http(response))) => Err(response),
            Err(error) => panic!("{error}"),
        }
    }

    /// Sends a frame, if the connection still takes it.
    pub(crate) fn try_send(&mut self, frame: &Value) {
        self.websocket.send(Message::text(frame.to_string())).ok();
    }

    /// The next frame; `None` if the connection is gone.
    pub(crate) fn try_receive(&mut self) -> Option<Message> {
        self.websocket.read().ok()
    }

    pub(crate) fn send(&mut self, frame: &Value) {
        self.send_raw(Message::text(frame.to_string()));
    }

    pub(crate) fn send_raw(&mut self, message: Message) {
        self.websocket.send(message).unwrap();
    }

    /// Sends frames with as few writes as possible.
    pub(crate) fn send_together<'a>(&mut self, frames: impl IntoIterator<Item = &'a Value>) {
        for frame in frames {
            let message = Message::text(frame.to_string());
            self.websocket.write(message).unwrap();
        }
        self.websocket.flush().unwrap();
    }

    pub(crate) fn receive(&mut self) -> Value {
        serde_json::from_str(&self.receive_raw().into_text().unwrap()).unwrap()
    }

    pub(crate) fn receive_raw(&mut self) -> Message {
        self.websocket.read().unwrap()
    }

    /// Joins a topic, and gives the response.
    pub(crate) fn join(&mut self, topic: &str) -> Value {
        self.send(&json!(["1", "1", topic, "phx_join", {}]));
        let mut reply = self.receive();
        assert_eq!(reply[4]["status"], "ok");
        reply[4]["response"].take()
    }

    /// The subprotocol that the server chose.
    pub(crate) fn protocol(&self) -> Option<&str> {
        self.protocol.as_deref()
    }

    /// The code that the server closes with; `None` if the connection breaks without one.
    pub(crate) fn closed(&mut self) -> Option<u16> {
        loop {
            match self.websocket.read() {
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
        self.websocket.close(Some(frame)).unwrap();
    }

    pub(crate) fn stream(&mut self) -> &mut TcpStream {
        self.websocket.get_mut()
    }
}
