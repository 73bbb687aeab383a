//! The clients: all of them on one thread that waits for all of their sockets.

mod connect;
mod dialect;
mod tally;
mod topic;

pub(crate) use dialect::Dialect;
pub(crate) use tally::Tally;

use crate::{frame, socket::Socket};
use dialect::Heard;
use mio::{Events, Poll, Token};
use std::{
    io::{self, ErrorKind},
    mem,
    net::SocketAddr,
    time::{Duration, Instant},
};
use topic::{Publisher, Topic};

/// When nothing has come for this long, what is under way is lost.
const STALL: Duration = Duration::from_millis(500);
const BUFFER: usize = 256 * 1024;

pub(crate) struct Load {
    server: SocketAddr,
    dialect: Dialect,
    poll: Poll,
    clients: Vec<Client>,
    topics: Vec<Topic>,
    buffer: Vec<u8>,
    /// A server that is slow, or that loses so much that it is waited for again and again, is given no more after this.
    limit: Duration,
    /// Who may say something next.
    turns: Vec<Turn>,
    payload: usize,
    tally: Tally,
}

struct Client {
    socket: Socket,
    topic: usize,
    /// The number that comes next, by publisher.
    expected: Vec<u32>,
    /// How often it still asks.
    requests: u32,
    /// Since when it waits for an answer.
    asked: Option<Instant>,
}

#[derive(Clone, Copy)]
enum Turn {
    Publish { topic: usize, by: u32 },
    Ask { client: usize },
}

/// What is published: by each publisher, so many messages, of which so many are under way at once.
#[derive(Clone, Copy)]
pub(crate) struct Traffic {
    pub(crate) messages: u32,
    pub(crate) in_flight: u32,
    pub(crate) payload: usize,
}

impl Load {
    pub(crate) fn new(server: SocketAddr, dialect: Dialect, limit: Duration) -> io::Result<Self> {
        Ok(Self {
            server,
            dialect,
            poll: Poll::new()?,
            clients: Vec::new(),
            topics: Vec::new(),
            buffer: vec![0; BUFFER],
            limit,
            turns: Vec::new(),
            payload: 0,
            tally: Tally::default(),
        })
    }

    /// Connects clients, one after the other, and has them join a topic. The first ones publish.
    pub(crate) fn connect(&mut self, topic: &str, members: u32, publishers: u32) -> io::Result<()> {
        let first = self.clients.len();
        for _ in 0..members {
            let (stream, partial) = connect::join(self.server, self.dialect, topic)?;
            let token = Token(self.clients.len());
            self.clients.push(Client {
                socket: Socket::new(stream, partial, self.poll.registry(), token)?,
                topic: self.topics.len(),
                expected: vec![0; publishers as usize],
                requests: 0,
                asked: None,
            });
        }
        let publishers = (first..).take(publishers as usize).map(Publisher::new);
        self.topics.push(Topic {
            name: topic.to_owned(),
            members,
            publishers: publishers.collect(),
        });
        Ok(())
    }

    /// Has all publishers publish.
    pub(crate) fn publish(&mut self, traffic: Traffic) -> io::Result<Tally> {
        self.payload = traffic.payload;
        for (topic, Topic { publishers, .. }) in self.topics.iter_mut().enumerate() {
            for (by, publisher) in (0..).zip(publishers) {
                publisher.messages = traffic.messages;
                let turn = Turn::Publish { topic, by };
                self.turns.extend((0..traffic.in_flight).map(|_| turn));
            }
        }
        self.drive()
    }

    /// Has every client ask so many times, one question at a time. A delivery is an answer.
    pub(crate) fn request(&mut self, count: u32, payload: usize) -> io::Result<Tally> {
        self.payload = payload;
        for (number, client) in self.clients.iter_mut().enumerate() {
            client.requests = count;
            self.turns.push(Turn::Ask { client: number });
        }
        self.drive()
    }

    /// Lets everybody say what is theirs to say, hears what comes, and so on until nothing is under way.
    fn drive(&mut self) -> io::Result<Tally> {
        let started = Instant::now();
        let mut last = started;
        let mut events = Events::with_capacity(1024);
        loop {
            let turns = mem::take(&mut self.turns);
            if started.elapsed() < self.limit {
                turns.into_iter().try_for_each(|turn| self.take(turn))?;
            }
            if self.tally.under_way == 0 {
                break;
            }
            match self.poll.poll(&mut events, Some(STALL)) {
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                result => result?,
            }
            for event in &events {
                self.hear(event.token().0)?;
            }
            if events.is_empty() {
                self.write_off();
            } else {
                last = Instant::now();
            }
        }
        self.tally.elapsed = last - started;
        Ok(mem::take(&mut self.tally))
    }

    fn take(&mut self, turn: Turn) -> io::Result<()> {
        match turn {
            Turn::Publish { topic, by } => self.publish_one(topic, by),
            Turn::Ask { client } => self.ask(client),
        }
    }

    fn publish_one(&mut self, topic: usize, by: u32) -> io::Result<()> {
        let topic = &mut self.topics[topic];
        let publisher = &mut topic.publishers[by as usize];
        let Some(number) = publisher.begin(topic.members) else {
            return Ok(());
        };
        let message = dialect::payload(by, number, self.payload);
        let message = self.dialect.publish(&topic.name, &message);
        self.tally.begin(topic.members);
        let socket = &mut self.clients[publisher.client].socket;
        socket.send(&frame::client(message.as_bytes()))
    }

    fn ask(&mut self, client: usize) -> io::Result<()> {
        let client = &mut self.clients[client];
        if client.requests == 0 {
            return Ok(());
        }
        client.requests -= 1;
        let question = dialect::payload(0, 0, self.payload);
        let topic = &self.topics[client.topic].name;
        let question = self.dialect.request(topic, &question);
        client.asked = Some(Instant::now());
        self.tally.begin(1);
        client.socket.send(&frame::client(question.as_bytes()))
    }

    fn hear(&mut self, number: usize) -> io::Result<()> {
        let client = &mut self.clients[number];
        let topic = client.topic;
        let publishers = &mut self.topics[topic].publishers;
        let (tally, turns) = (&mut self.tally, &mut self.turns);
        let mut answers = Vec::new();
        client.socket.flush()?;
        let is_open =
            client
                .socket
                .receive(&mut self.buffer, |text| match self.dialect.hear(text) {
                    Heard::Message { by, number } => {
                        let expected = &mut client.expected[by as usize];
                        tally.deliver(number >= *expected);
                        *expected = number + 1;
                        if let Some(sent) = publishers[by as usize].complete(number) {
                            tally.complete(sent);
                            turns.push(Turn::Publish { topic, by });
                        }
                    }
                    Heard::Reply => {
                        // One that comes after all has been written off, and is not lost.
                        tally.deliver(true);
                        if let Some(asked) = client.asked.take() {
                            tally.complete(asked);
                            turns.push(Turn::Ask { client: number });
                        }
                    }
                    Heard::Answer(answer) => answers.push(answer),
                    Heard::Welcome | Heard::Nothing => {}
                })?;
        if !is_open {
            return Err(io::Error::other("the server has closed a connection"));
        }
        let mut answers = answers
            .into_iter()
            .map(|answer: &str| frame::client(answer.as_bytes()));
        answers.try_for_each(|answer| client.socket.send(&answer))
    }

    /// Waits no more for what is under way.
    fn write_off(&mut self) {
        self.tally.under_way = 0;
        for (topic, Topic { publishers, .. }) in self.topics.iter_mut().enumerate() {
            for (by, publisher) in (0..).zip(publishers) {
                let turn = Turn::Publish { topic, by };
                self.turns.extend((0..publisher.write_off()).map(|_| turn));
            }
        }
        for (number, client) in self.clients.iter_mut().enumerate() {
            let lost = client.asked.take();
            self.turns
                .extend(lost.map(|_| Turn::Ask { client: number }));
        }
    }
}
