//! Requests over TLS: on a connection of its own each with HTTP/1.1, on one for all of them with HTTP/2.

use crate::server::Server;
use bytes::Bytes;
use h2::{
    Reason, SendStream,
    client::{ResponseFuture, SendRequest, handshake},
    ext::Protocol,
};
use http::{Method, Request, Response, StatusCode, Version};
use serde_json::Value;
use std::{net::SocketAddr, sync::Arc};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use tokio_rustls::{
    TlsConnector,
    client::TlsStream,
    rustls::{ClientConfig, RootCertStore, pki_types::CertificateDer},
};

pub(crate) const VERSIONS: [Version; 2] = [Version::HTTP_11, Version::HTTP_2];

pub(crate) enum Client {
    One(Tls),
    Two(Http2),
}

/// A request that has been sent.
pub(crate) enum Sent {
    One(TlsStream<TcpStream>),
    Two(ResponseFuture, SendStream<Bytes>),
}

/// How to connect.
pub(crate) struct Tls {
    address: SocketAddr,
    certificate: CertificateDer<'static>,
}

pub(crate) struct Http2 {
    requests: SendRequest<Bytes>,
    authority: String,
}

impl Client {
    pub(crate) async fn new(server: &Server, version: Version) -> Self {
        match version {
            Version::HTTP_2 => Self::Two(Http2::connect(server).await),
            _ => Self::One(Tls::to(server)),
        }
    }

    async fn send(&mut self, method: Method, path: &str, body: String) -> Sent {
        match self {
            Self::One(tls) => {
                let mut stream = tls.connect("http/1.1").await;
                let head = format!(
                    "{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\
                     Content-Length: {}\r\n\r\n",
                    body.len()
                );
                stream
                    .write_all((head + body.as_str()).as_bytes())
                    .await
                    .unwrap();
                Sent::One(stream)
            }
            Self::Two(http2) => {
                let request = http2.request(method, path);
                let (response, mut stream) = http2.send(request, body.is_empty()).await;
                if !body.is_empty() {
                    stream.send_data(body.into(), true).unwrap();
                }
                Sent::Two(response, stream)
            }
        }
    }

    pub(crate) async fn get(&mut self, path: &str) -> Sent {
        self.send(Method::GET, path, String::new()).await
    }

    pub(crate) async fn post(&mut self, path: &str, frame: &Value) -> Value {
        let sent = self.send(Method::POST, path, frame.to_string()).await;
        sent.body().await
    }
}

impl Sent {
    pub(crate) async fn body(self) -> Value {
        let body = match self {
            Self::One(mut stream) => {
                let mut answer = Vec::new();
                // rustls tells of a stream that ends without a goodbye; all that was sent is there.
                stream.read_to_end(&mut answer).await.ok();
                let end = answer
                    .windows(4)
                    .position(|end| end == b"\r\n\r\n")
                    .unwrap();
                answer.split_off(end + 4)
            }
            Self::Two(response, _) => read(response.await.unwrap()).await,
        };
        serde_json::from_slice(&body).unwrap()
    }

    /// Lets the server know that nobody waits for the answer any more.
    pub(crate) fn give_up(self) {
        match self {
            Self::One(stream) => drop(stream),
            Self::Two(_, mut stream) => stream.send_reset(Reason::CANCEL),
        }
    }
}

impl Tls {
    fn to(server: &Server) -> Self {
        Self {
            address: server.address,
            certificate: server.certificate.clone(),
        }
    }

    async fn connect(&self, protocol: &str) -> TlsStream<TcpStream> {
        let mut roots = RootCertStore::empty();
        roots.add(self.certificate.clone()).unwrap();
        let mut config = ClientConfig::builder()
            .with_root_certificates(roots)
            .with_no_client_auth();
        config.alpn_protocols = vec![protocol.into()];
        let stream = TcpStream::connect(self.address).await.unwrap();
        let connector = TlsConnector::from(Arc::new(config));
        let stream = connector.connect("localhost".try_into().unwrap(), stream);
        let stream = stream.await.unwrap();
        assert_eq!(
            stream.get_ref().1.alpn_protocol(),
            Some(protocol.as_bytes())
        );
        stream
    }
}

impl Http2 {
    pub(crate) async fn connect(server: &Server) -> Self {
        let stream = Tls::to(server).connect("h2").await;
        let (requests, connection) = handshake(stream).await.unwrap();
        tokio::spawn(async { connection.await.ok() });
        let http2 = Self {
            requests,
            authority: format!("localhost:{}", server.address.port()),
        };
        // What the server can do is known when it has answered something.
        let nowhere = http2.request(Method::GET, "/nowhere");
        let (response, _) = http2.send(nowhere, true).await;
        assert_eq!(response.await.unwrap().status(), StatusCode::NOT_FOUND);
        http2
    }

    pub(crate) fn authority(&self) -> &str {
        &self.authority
    }

    fn request(&self, method: Method, path: &str) -> http::request::Builder {
        let uri = format!("https://{}{path}", self.authority);
        Request::builder().method(method).uri(uri)
    }

    async fn send(
        &self,
        request: http::request::Builder,
        is_whole: bool,
    ) -> (ResponseFuture, SendStream<Bytes>) {
        let mut requests = self.requests.clone().ready().await.unwrap();
        let request = request.body(()).unwrap();
        requests.send_request(request, is_whole).unwrap()
    }

    /// The extended CONNECT of RFC 8441. Only a server that says so takes it.
    pub(crate) async fn upgrade(
        &self,
        path: &str,
        origin: &str,
    ) -> Result<(SendStream<Bytes>, h2::RecvStream), StatusCode> {
        let requests = self.requests.clone().ready().await.unwrap();
        assert!(requests.is_extended_connect_protocol_enabled());
        let request = self
            .request(Method::CONNECT, path)
            .extension(Protocol::from_static("websocket"))
            .header("sec-websocket-version", "13")
            .header("origin", origin);
        let (response, stream) = self.send(request, false).await;
        let response = response.await.unwrap();
        match response.status() {
            StatusCode::OK => Ok((stream, response.into_body())),
            refused => Err(refused),
        }
    }
}

async fn read(response: Response<h2::RecvStream>) -> Vec<u8> {
    let (mut read, mut body) = (Vec::new(), response.into_body());
    while let Some(data) = body.data().await {
        let data = data.unwrap();
        body.flow_control().release_capacity(data.len()).unwrap();
        read.extend_from_slice(&data);
    }
    read
}
