//! Channels in an application that is made with axum: two listeners in one process, and one shutdown.
//!
//! ```text
//! cargo run --release --example beside_axum
//! ```
//!
//! Connect phoenix.js to `ws://127.0.0.1:4001/socket`, join `rooms:lobby`, and
//!
//! ```text
//! curl -d "Lunch is ready" http://127.0.0.1:4000/rooms/lobby/announcements
//! ```
//!
//! Control-C ends both: axum answers what it has begun, and clients are told to connect again.

use axum::{
    Router,
    extract::{Path, State},
    http::StatusCode,
    routing::post,
};
use phx_channels::{Broadcaster, Config, Event, OriginPolicy, channel};
use serde::Serialize;
use std::io;
use tokio::{net::TcpListener, runtime::Runtime};
use trillium_tokio::Swansong;

struct Rooms;

#[derive(Serialize, Event)]
struct Announcement {
    text: String,
}

#[channel]
impl Rooms {
    #[join("rooms:{room}")]
    async fn join(&self, room: &str) {
        let _ = room;
    }
}

/// A handler of axum, which reaches the members of a room.
async fn announce(
    State(broadcaster): State<Broadcaster>,
    Path(room): Path<String>,
    text: String,
) -> StatusCode {
    broadcaster.broadcast((format!("rooms:{room}"), Announcement { text }));
    StatusCode::ACCEPTED
}

/// Serves pages and sockets until `stop` is told to, or the process is.
async fn serve(pages: TcpListener, sockets: TcpListener, stop: Swansong) -> io::Result<()> {
    // A page is of another origin than the sockets: its port is another one.
    let origin = format!("http://{}", pages.local_addr()?);
    let config = Config::new().origin(OriginPolicy::list([&*origin]));
    let rooms = channel(Rooms).with_config(config);
    let app = Router::new()
        .route("/rooms/{room}/announcements", post(announce))
        .with_state(rooms.broadcaster());

    let sockets = trillium_tokio::config()
        .with_prebound_server(sockets)
        .with_swansong(stop.clone())
        .spawn(rooms);
    axum::serve(pages, app)
        .with_graceful_shutdown(stop.shutting_down())
        .await?;
    sockets.await;
    Ok(())
}

fn main() -> io::Result<()> {
    Runtime::new()?.block_on(async {
        let pages = TcpListener::bind("127.0.0.1:4000").await?;
        let sockets = TcpListener::bind("127.0.0.1:4001").await?;
        serve(pages, sockets, Swansong::new()).await
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};
    use std::{
        io::{Read, Write},
        net::{SocketAddr, TcpStream},
        thread,
    };
    use tungstenite::{Message, WebSocket, client::IntoClientRequest};

    /// Both servers, in a thread of their own.
    struct Running {
        pages: SocketAddr,
        sockets: SocketAddr,
        stop: Swansong,
        thread: thread::JoinHandle<io::Result<()>>,
    }

    impl Running {
        fn start() -> io::Result<Self> {
            let runtime = Runtime::new()?;
            let (pages, sockets) = runtime.block_on(async {
                io::Result::Ok((
                    TcpListener::bind("127.0.0.1:0").await?,
                    TcpListener::bind("127.0.0.1:0").await?,
                ))
            })?;
            let stop = Swansong::new();
            Ok(Self {
                pages: pages.local_addr()?,
                sockets: sockets.local_addr()?,
                stop: stop.clone(),
                thread: thread::spawn(move || runtime.block_on(serve(pages, sockets, stop))),
            })
        }

        /// The handshake of a page of an origin.
        fn connect(
            &self,
            origin: &str,
        ) -> Result<WebSocket<TcpStream>, Box<dyn std::error::Error>> {
            let url = format!("ws://{}/socket/websocket?vsn=2.0.0", self.sockets);
            let mut request = url.into_client_request()?;
            request.headers_mut().insert("origin", origin.parse()?);
            let stream = TcpStream::connect(self.sockets)?;
            let (socket, _) = tungstenite::client(request, stream).map_err(|e| e.to_string())?;
            Ok(socket)
        }

        /// The status with which axum answers.
        fn announce(&self, text: &str) -> io::Result<String> {
            let mut stream = TcpStream::connect(self.pages)?;
            write!(
                stream,
                "POST /rooms/lobby/announcements HTTP/1.1\r\nHost: localhost\r\n\
                 Connection: close\r\nContent-Length: {}\r\n\r\n{text}",
                text.len()
            )?;
            let mut answer = String::new();
            stream.read_to_string(&mut answer)?;
            Ok(answer.lines().next().unwrap_or_default().to_owned())
        }
    }

    fn receive(socket: &mut WebSocket<TcpStream>) -> Result<Value, Box<dyn std::error::Error>> {
        Ok(serde_json::from_str(socket.read()?.to_text()?)?)
    }

    #[test]
    fn members_hear_what_axum_is_asked_to_announce() -> Result<(), Box<dyn std::error::Error>> {
        let running = Running::start()?;
        assert!(running.connect("https://evil.example").is_err());
        let mut member = running.connect(&format!("http://{}", running.pages))?;
        let join = json!(["1", "1", "rooms:lobby", "phx_join", {}]);
        member.send(Message::text(join.to_string()))?;
        assert_eq!(receive(&mut member)?[4]["status"], "ok");

        assert_eq!(running.announce("hello")?, "HTTP/1.1 202 Accepted");
        let heard = json!([null, null, "rooms:lobby", "announcement", {"text": "hello"}]);
        assert_eq!(receive(&mut member)?, heard);

        running.stop.shut_down();
        let Message::Close(Some(close)) = member.read()? else {
            panic!("no close");
        };
        assert_eq!(u16::from(close.code), 1012);
        member.read().ok();
        running.thread.join().map_err(|_| "panicked")??;
        Ok(())
    }
}
