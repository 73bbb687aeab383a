//! The clients: all of them on one thread that waits for all of their sockets.

use crate::dialect::{self, Dialect, Heard};
use mio::{Events, Poll, Token};
use phx_channels_benches::{frame, socket::Socket};
use std::{
    collections::HashMap,
    io::{self, ErrorKind, Read, Write},
    mem,
    net::{SocketAddr, TcpStream},
    time::{Duration, Instant},
};

/// When nothing has come for this long, what is under way is lost.
const STALL: Duration = Duration::from_millis(500);
/// A server that loses messages is not waited for much longer than the others take.
const LIMIT: Duration = Duration::from_secs(10);
const BUFFER: usize = 256 * 1024;

pub(crate) struct Load {
    dialect: Dialect,
    poll: Poll,
    clients: Vec<Client>,
    topics: Vec<Topic>,
    by_name: HashMap<String, usize>,
    buffer: Vec<u8>,
    tally: Tally,
    /// Who may publish again.
    ready: Vec<(usize, u32)>,
}

struct Client {
    socket: Socket,
    topic: usize,
    /// The number that comes next, by publisher.
    expected: Vec<u32>,
}

struct Topic {
    name: String,
    members: u32,
    publishers: Vec<Publisher>,
}

struct Publisher {
    client: usize,
    next: u32,
    in_flight: Vec<InFlight>,
}

struct InFlight {
    number: u32,
    sent: Instant,
    missing: u32,
}

/// What is published: by each publisher, so many messages, of which so many are under way at once.
#[derive(Clone, Copy)]
pub(crate) struct Traffic {
    pub(crate) messages: u32,
    pub(crate) in_flight: u32,
    pub(crate) payload: usize,
}

/// What has come of it.
#[derive(Default)]
pub(crate) struct Tally {
    pub(crate) expected: u64,
    pub(crate) delivered: u64,
    /// Messages that came behind one that was published later.
    pub(crate) disordered: u64,
    /// From the publishing of a message to its last delivery.
    pub(crate) fan_outs: Vec<Duration>,
    pub(crate) elapsed: Duration,
}

impl Load {
    pub(crate) fn new(dialect: Dialect) -> io::Result<Self> {
        Ok(Self {
            dialect,
            poll: Poll::new()?,
            clients: Vec::new(),
            topics: Vec::new(),
            by_name: HashMap::new(),
            buffer: vec![0; BUFFER],
            tally: Tally::default(),
            ready: Vec::new(),
        })
    }

    /// Connects clients, one after the other, and has them join a topic. The first ones publish.
    pub(crate) fn connect(&mut self, server: SocketAddr, topic: &str, members: u32, publishers: u32) -> io::Result<()> {
        let index = *self.by_name.entry(topic.to_owned()).or_insert(self.topics.len());
        let first = self.clients.len();
        for _ in 0..members {
            let (stream, partial) = open(server, self.dialect, topic)?;
            let token = Token(self.clients.len());
            let socket = Socket::new(mio::net::TcpStream::from_std(stream), partial, self.poll.registry(), token)?;
            self.clients.push(Client { socket, topic: index, expected: vec![0; publishers as usize] });
        }
        let publishers = (first..).take(publishers as usize);
        let publishers = publishers.map(|client| Publisher { client, next: 0, in_flight: Vec::new() }).collect();
        self.topics.push(Topic { name: topic.to_owned(), members, publishers });
        Ok(())
    }

    /// Has all publishers publish.
    pub(crate) fn publish(&mut self, traffic: Traffic) -> io::Result<Tally> {
        let until: HashMap<(usize, u32), u32> = (0..)
            .zip(&self.topics)
            .flat_map(|(topic, Topic { publishers, .. })| {
                let publishers = (0..).zip(publishers);
                publishers.map(move |(by, publisher)| ((topic, by), publisher.next + traffic.messages))
            })
            .collect();
        for &publisher in until.keys() {
            self.ready.extend((0..traffic.in_flight).map(|_| publisher));
        }
        self.drive(|load| {
            for (topic, by) in mem::take(&mut load.ready) {
                if load.topics[topic].publishers[by as usize].next < until[&(topic, by)] {
                    load.publish_one(topic, by, traffic.payload)?;
                }
            }
            let mut publishers = load.topics.iter().flat_map(|topic| &topic.publishers);
            Ok(publishers.all(|publisher| publisher.in_flight.is_empty()))
        })
    }

    fn publish_one(&mut self, topic: usize, by: u32, payload: usize) -> io::Result<()> {
        let Topic { name, members, publishers } = &mut self.topics[topic];
        let publisher = &mut publishers[by as usize];
        let number = publisher.next;
        publisher.next += 1;
        self.tally.expected += u64::from(*members);
        publisher.in_flight.push(InFlight { number, sent: Instant::now(), missing: *members });
        let message = self.dialect.publish(name, &dialect::payload(by, number, payload));
        self.clients[publisher.client].socket.send(&frame::client(message.as_bytes()))
    }

    /// Has every client ask `count` times, one question at a time. A delivery is an answer.
    pub(crate) fn request(&mut self, count: u32, payload: usize) -> io::Result<Tally> {
        let text = self.dialect.request(&self.topics[0].name, &dialect::payload(0, 0, payload));
        let request = frame::client(text.as_bytes());
        let total = u64::from(count) * self.clients.len() as u64;
        self.tally.expected = total;
        let mut asked = self.clients.len() as u64;
        self.ready = (0..self.clients.len()).map(|client| (client, 0)).collect();
        self.drive(|load| {
            for (client, _) in mem::take(&mut load.ready) {
                if asked <= total {
                    load.clients[client].socket.send(&request)?;
                }
                asked += 1;
            }
            Ok(load.tally.delivered >= total)
        })
    }

    /// Hears what comes, and lets `go_on` say what follows from it, until that says that it is done.
    fn drive(&mut self, mut go_on: impl FnMut(&mut Self) -> io::Result<bool>) -> io::Result<Tally> {
        let started = Instant::now();
        let mut last = started;
        let mut events = Events::with_capacity(1024);
        while !go_on(self)? && started.elapsed() < LIMIT {
            self.poll.poll(&mut events, Some(STALL))?;
            for event in &events {
                self.hear(event.token().0)?;
            }
            match events.is_empty() {
                true => self.write_off(),
                false => last = Instant::now(),
            }
        }
        self.tally.elapsed = last - started;
        Ok(mem::take(&mut self.tally))
    }

    fn hear(&mut self, client: usize) -> io::Result<()> {
        let Client { socket, topic, expected } = &mut self.clients[client];
        socket.flush()?;
        let mut answers = Vec::new();
        let Topic { publishers, .. } = &mut self.topics[*topic];
        // A server that closes a connection loses what it would have sent.
        let _is_open = socket.receive(&mut self.buffer, |text| match self.dialect.hear(text) {
            Heard::Message { by, number } => {
                self.tally.delivered += 1;
                let expected = &mut expected[by as usize];
                self.tally.disordered += u64::from(number < *expected);
                *expected = number + 1;
                if let Some(sent) = publishers[by as usize].complete(number) {
                    self.tally.fan_outs.push(sent.elapsed());
                    self.ready.push((*topic, by));
                }
            }
            Heard::Reply => {
                self.tally.delivered += 1;
                self.ready.push((client, 0));
            }
            Heard::Answer(answer) => answers.push(answer),
            Heard::Nothing => {}
        })?;
        answers.iter().try_for_each(|answer| socket.send(&frame::client(answer.as_bytes())))
    }

    fn write_off(&mut self) {
        for (topic, Topic { publishers, .. }) in self.topics.iter_mut().enumerate() {
            for (by, publisher) in (0..).zip(publishers) {
                self.ready.extend(publisher.in_flight.drain(..).map(|_| (topic, by)));
            }
        }
    }
}

impl Publisher {
    /// Counts a delivery; when the message was sent, if it is complete.
    fn complete(&mut self, number: u32) -> Option<Instant> {
        let found = self.in_flight.iter().position(|message| message.number == number)?;
        let message = &mut self.in_flight[found];
        message.missing -= 1;
        (message.missing == 0).then(|| self.in_flight.swap_remove(found).sent)
    }
}

impl Tally {
    pub(crate) fn lost(&self) -> u64 {
        self.expected.saturating_sub(self.delivered)
    }

    /// The time that this part of all fan-outs took, at most.
    pub(crate) fn quantile(&mut self, part: f64) -> Duration {
        self.fan_outs.sort_unstable();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "an index")]
        let index = (self.fan_outs.len().saturating_sub(1) as f64 * part).round() as usize;
        self.fan_outs.get(index).copied().unwrap_or_default()
    }
}

/// A connection that has joined a topic, and what has been read beyond that.
fn open(server: SocketAddr, dialect: Dialect, topic: &str) -> io::Result<(TcpStream, Vec<u8>)> {
    let mut stream = TcpStream::connect(server)?;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(LIMIT))?;
    // In one write, for the floor takes it for granted.
    let request = format!(
        "GET {} HTTP/1.1\r\nHost: {server}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
        dialect.path(),
    );
    stream.write_all(request.as_bytes())?;
    let mut read = Vec::new();
    let head = loop {
        read_more(&mut stream, &mut read)?;
        if let Some(end) = memchr::memmem::find(&read, b"\r\n\r\n") {
            break end + 4;
        }
    };
    if !read.starts_with(b"HTTP/1.1 101") {
        let answer = String::from_utf8_lossy(&read).into_owned();
        return Err(io::Error::other(answer));
    }
    read.drain(..head);
    let join = frame::client(dialect.join(topic).as_bytes());
    let mut listens = dialect.listens_first();
    if !listens {
        stream.write_all(&join)?;
    }
    loop {
        let mut rest = &mut read[..];
        while let Some(text) = frame::take(&mut rest) {
            match dialect.hear(text) {
                Heard::Reply => {
                    let partial = rest.to_vec();
                    stream.set_nonblocking(true)?;
                    return Ok((stream, partial));
                }
                Heard::Answer(answer) => stream.write_all(&frame::client(answer.as_bytes()))?,
                // The namespace is connected.
                Heard::Nothing if mem::take(&mut listens) => stream.write_all(&join)?,
                Heard::Nothing | Heard::Message { .. } => {}
            }
        }
        read = rest.to_vec();
        read_more(&mut stream, &mut read)?;
    }
}

fn read_more(stream: &mut TcpStream, into: &mut Vec<u8>) -> io::Result<()> {
    let mut buffer = [0; 4096];
    match stream.read(&mut buffer)? {
        0 => Err(ErrorKind::UnexpectedEof.into()),
        length => {
            into.extend_from_slice(&buffer[..length]);
            Ok(())
        }
    }
}
