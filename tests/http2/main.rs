//! Channels over TLS, on HTTP/1.1 and HTTP/2, on smol and on tokio hosts. The clients are rustls and h2.

mod client;
mod floods;
mod polls;
mod server;
mod websocket;
mod websockets;
