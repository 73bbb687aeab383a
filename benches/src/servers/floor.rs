//! The least that a server can do: one thread waits for its sockets, and writes one ready frame to each member of a
//! topic with one `write`. On HOST and PORT.
//!
//! It speaks just so much of the protocol that the load generator takes it for a Phoenix server.

use mio::{
    Events, Interest, Poll, Token,
    net::{TcpListener, TcpStream},
};
use phx_channels_benches::{frame, socket::Socket};
use std::{
    collections::HashMap,
    env,
    error::Error,
    io::{self, ErrorKind, Read, Write},
};

/// The answer to the key of RFC 6455's example, which is the one that the load generator sends.
const SWITCH: &[u8] = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
    Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";
const LISTENER: Token = Token(usize::MAX);

#[derive(Default)]
struct Floor {
    clients: Vec<Client>,
    topics: HashMap<Vec<u8>, Vec<usize>>,
}

enum Client {
    Handshake(TcpStream),
    Open(Socket),
    Gone,
}

fn main() -> Result<(), Box<dyn Error>> {
    let address = format!("{}:{}", env::var("HOST")?, env::var("PORT")?).parse()?;
    let mut listener = TcpListener::bind(address)?;
    let mut poll = Poll::new()?;
    poll.registry().register(&mut listener, LISTENER, Interest::READABLE)?;
    let mut events = Events::with_capacity(1024);
    let mut buffer = vec![0; 64 * 1024];
    let mut floor = Floor::default();
    loop {
        poll.poll(&mut events, None)?;
        for event in &events {
            if event.token() == LISTENER {
                floor.accept(&listener, &poll)?;
            } else {
                floor.serve(event.token(), &mut buffer, &poll)?;
            }
        }
    }
}

impl Floor {
    fn accept(&mut self, listener: &TcpListener, poll: &Poll) -> io::Result<()> {
        loop {
            match listener.accept() {
                Ok((mut stream, _)) => {
                    stream.set_nodelay(true)?;
                    let token = Token(self.clients.len());
                    poll.registry().register(&mut stream, token, Interest::READABLE)?;
                    self.clients.push(Client::Handshake(stream));
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
                Err(error) => return Err(error),
            }
        }
    }

    fn serve(&mut self, token: Token, buffer: &mut [u8], poll: &Poll) -> io::Result<()> {
        let client = &mut self.clients[token.0];
        match client {
            Client::Handshake(stream) => {
                // One packet: it comes over loopback.
                match stream.read(buffer) {
                    Ok(0) => *client = Client::Gone,
                    Ok(_) => {
                        stream.write_all(SWITCH)?;
                        let Client::Handshake(mut stream) = std::mem::replace(client, Client::Gone) else {
                            return Ok(());
                        };
                        poll.registry().deregister(&mut stream)?;
                        *client = Client::Open(Socket::new(stream, Vec::new(), poll.registry(), token)?);
                    }
                    Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                    Err(_) => *client = Client::Gone,
                }
                Ok(())
            }
            Client::Open(socket) => {
                socket.flush()?;
                let mut messages = Vec::new();
                if !socket.receive(buffer, |message| messages.push(message.to_vec())).unwrap_or(false) {
                    *client = Client::Gone;
                }
                messages.iter().try_for_each(|message| self.hear(token.0, message))
            }
            Client::Gone => Ok(()),
        }
    }

    /// Takes `["1","2","topic","event",payload]`.
    fn hear(&mut self, from: usize, message: &[u8]) -> io::Result<()> {
        let mut quoted = message.split(|byte| *byte == b'"').skip(5).step_by(2);
        let (Some(topic), Some(event)) = (quoted.next(), quoted.next()) else {
            return Ok(());
        };
        match event {
            b"phx_join" => {
                self.topics.entry(topic.to_vec()).or_default().push(from);
                self.send(from, &frame::server(message))
            }
            b"msg" => {
                let mut broadcast = b"[null,null".to_vec();
                broadcast.extend_from_slice(&message[b"[\"1\",\"2\"".len()..]);
                let broadcast = frame::server(&broadcast);
                for member in self.topics.get(topic).cloned().unwrap_or_default() {
                    self.send(member, &broadcast)?;
                }
                Ok(())
            }
            _ => self.send(from, &frame::server(message)),
        }
    }

    fn send(&mut self, to: usize, frame: &[u8]) -> io::Result<()> {
        match &mut self.clients[to] {
            Client::Open(socket) => socket.send(frame),
            Client::Handshake(_) | Client::Gone => Ok(()),
        }
    }
}
