//! The least that a server can do: one thread waits for its sockets, and writes one ready frame to each member of a
//! topic with one `write`.
//!
//! It speaks just so much of the protocol that the load generator takes it for a Phoenix server.

use super::HOST;
use crate::{frame, socket::Socket};
use mio::{
    Events, Interest, Poll, Registry, Token,
    net::{TcpListener, TcpStream},
};
use std::{
    collections::HashMap,
    io::{self, ErrorKind, Read, Write},
    mem,
};

/// The answer to the key in RFC 6455, which is the one that the load generator sends.
const SWITCH: &[u8] =
    b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
    Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";
const LISTENER: Token = Token(usize::MAX);
const BUFFER: usize = 64 * 1024;

pub(super) fn serve(port: u16) -> io::Result<()> {
    let mut listener = TcpListener::bind((HOST, port).into())?;
    let mut poll = Poll::new()?;
    poll.registry()
        .register(&mut listener, LISTENER, Interest::READABLE)?;
    let mut events = Events::with_capacity(1024);
    let mut floor = Floor {
        registry: poll.registry().try_clone()?,
        clients: Vec::new(),
        topics: HashMap::new(),
        buffer: vec![0; BUFFER],
    };
    loop {
        poll.poll(&mut events, None)?;
        for event in &events {
            match event.token() {
                LISTENER => floor.accept(&listener)?,
                Token(client) => floor.serve(client)?,
            }
        }
    }
}

struct Floor {
    registry: Registry,
    clients: Vec<Client>,
    topics: HashMap<Vec<u8>, Vec<usize>>,
    buffer: Vec<u8>,
}

enum Client {
    Handshake(TcpStream),
    Open(Socket),
    Gone,
}

impl Floor {
    fn accept(&mut self, listener: &TcpListener) -> io::Result<()> {
        loop {
            match listener.accept() {
                Ok((mut stream, _)) => {
                    stream.set_nodelay(true)?;
                    let token = Token(self.clients.len());
                    self.registry
                        .register(&mut stream, token, Interest::READABLE)?;
                    self.clients.push(Client::Handshake(stream));
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
                Err(error) => return Err(error),
            }
        }
    }

    fn serve(&mut self, from: usize) -> io::Result<()> {
        match mem::replace(&mut self.clients[from], Client::Gone) {
            Client::Handshake(stream) => {
                self.clients[from] = self.open(stream, Token(from))?;
                Ok(())
            }
            Client::Open(mut socket) => {
                socket.flush()?;
                let mut messages = Vec::new();
                let hear = |message: &[u8]| messages.push(message.to_vec());
                // Whose connection has failed is as gone as who has closed it.
                if socket.receive(&mut self.buffer, hear).unwrap_or(false) {
                    self.clients[from] = Client::Open(socket);
                }
                messages
                    .iter()
                    .try_for_each(|message| self.hear(from, message))
            }
            Client::Gone => Ok(()),
        }
    }

    /// Upgrades a connection. The request comes in one packet, for it comes over loopback.
    fn open(&mut self, mut stream: TcpStream, token: Token) -> io::Result<Client> {
        match stream.read(&mut self.buffer) {
            Ok(0) => Ok(Client::Gone),
            Ok(_) => {
                stream.write_all(SWITCH)?;
                self.registry.deregister(&mut stream)?;
                Socket::new(stream, Vec::new(), &self.registry, token).map(Client::Open)
            }
            Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(Client::Handshake(stream)),
            Err(_) => Ok(Client::Gone),
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
                send(&mut self.clients[from], &frame::server(message))
            }
            b"msg" => {
                let addressed = &message[b"[\"1\",\"2\"".len()..];
                let broadcast = frame::server(&[b"[null,null", addressed].concat());
                let mut members = self.topics.get(topic).into_iter().flatten();
                members.try_for_each(|member| send(&mut self.clients[*member], &broadcast))
            }
            _ => send(&mut self.clients[from], &frame::server(message)),
        }
    }
}

fn send(to: &mut Client, frame: &[u8]) -> io::Result<()> {
    match to {
        Client::Open(socket) => socket.send(frame),
        Client::Handshake(_) | Client::Gone => Ok(()),
    }
}
