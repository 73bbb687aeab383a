//! A client that checks whatever it hears.

use crate::{hearing::Hearing, tally::Tally};
use serde_json::{Value, json};
use std::{
    collections::HashMap,
    io::{self, ErrorKind},
    net::{SocketAddr, TcpStream},
    sync::atomic::Ordering::Relaxed,
    time::{Duration, Instant},
};
use tungstenite::{Error, Message, WebSocket, protocol::frame::coding::CloseCode};

/// How long anything may take that the server has to do.
const PATIENCE: Duration = Duration::from_secs(30);

/// How long a write or a read may wait before the other one gets its turn.
const PAUSE: Duration = Duration::from_millis(100);

pub(crate) struct Client<'a> {
    websocket: WebSocket<TcpStream>,
    tally: &'a Tally,
    joined: HashMap<String, Membership>,
    /// The last reference that was replied to, by topic.
    replied: HashMap<String, u64>,
    last_reference: u64,
}

struct Membership {
    join_reference: String,
    hearing: Hearing,
}

/// The connection is over: with the code that the server gave, if it gave one.
#[derive(Debug)]
pub(crate) struct Gone(pub(crate) Option<u16>);

pub(crate) type Served<T> = Result<T, Gone>;

impl<'a> Client<'a> {
    pub(crate) fn connect(address: SocketAddr, tally: &'a Tally) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_write_timeout(Some(PAUSE)).unwrap();
        let url = format!("ws://{address}/socket/websocket?vsn=2.0.0");
        let (websocket, _) = tungstenite::client(url, stream).unwrap();
        tally.connections.fetch_add(1, Relaxed);
        Self {
            websocket,
            tally,
            joined: HashMap::new(),
            replied: HashMap::new(),
            last_reference: 0,
        }
    }

    pub(crate) fn join(&mut self, topic: &str) -> Served<()> {
        let join_reference = (self.last_reference + 1).to_string();
        let own = Some(join_reference.as_str());
        let reference = self.send(own, topic, "phx_join", &json!({}))?;
        let reply = self.reply(topic, reference)?;
        if reply["status"] != "ok" {
            self.fault(format!("not let into {topic}: {reply}"));
        }
        let membership = Membership {
            join_reference,
            hearing: Hearing::default(),
        };
        self.joined.insert(topic.to_owned(), membership);
        Ok(())
    }

    pub(crate) fn leave(&mut self, topic: &str) -> Served<()> {
        self.call(topic, "phx_leave", &json!({}))?;
        self.joined.remove(topic);
        Ok(())
    }

    /// Sends an event and waits for the reply.
    pub(crate) fn call(&mut self, topic: &str, event: &str, payload: &Value) -> Served<Value> {
        let reference = self.push(topic, event, payload)?;
        self.reply(topic, reference)
    }

    pub(crate) fn push(&mut self, topic: &str, event: &str, payload: &Value) -> Served<u64> {
        let membership = self.joined.get(topic);
        let join_reference = membership.map(|membership| membership.join_reference.clone());
        self.send(join_reference.as_deref(), topic, event, payload)
    }

    fn send(
        &mut self,
        join_reference: Option<&str>,
        topic: &str,
        event: &str,
        payload: &Value,
    ) -> Served<u64> {
        self.last_reference += 1;
        let reference = self.last_reference.to_string();
        let frame = json!([join_reference, reference, topic, event, payload]);
        self.send_raw(Message::text(frame.to_string()))?;
        Ok(self.last_reference)
    }

    pub(crate) fn send_raw(&mut self, message: Message) -> Served<()> {
        match self.websocket.send(message) {
            Ok(()) => Ok(()),
            Err(error) if is_pause(&error) => self.flush(),
            // The reason may be there to be read.
            Err(_) => loop {
                self.receive(PATIENCE)?;
            },
        }
    }

    /// The server takes nothing before this side has read something.
    fn flush(&mut self) -> Served<()> {
        while let Err(error) = self.websocket.flush()
            && is_pause(&error)
        {
            self.receive(PAUSE)?;
        }
        Ok(())
    }

    /// The payload of a reply.
    fn reply(&mut self, topic: &str, reference: u64) -> Served<Value> {
        let reference = reference.to_string();
        self.wait_for(topic, |message| {
            message[3] == "phx_reply" && message[1] == *reference
        })
    }

    /// Waits until the server has ended the channel.
    pub(crate) fn wait_for_end(&mut self, topic: &str) -> Served<()> {
        let is_end = |message: &Value| message[3] == "phx_error";
        self.wait_for(topic, is_end).map(drop)
    }

    fn wait_for(&mut self, topic: &str, is_it: impl Fn(&Value) -> bool) -> Served<Value> {
        let started = Instant::now();
        while started.elapsed() < PATIENCE {
            if let Some(mut message) = self.receive(PATIENCE)?
                && message[2] == *topic
                && is_it(&message)
            {
                return Ok(message[4].take());
            }
        }
        self.fault(format!("waits in vain on {topic}"));
        Err(Gone(None))
    }

    /// Listens for a while.
    pub(crate) fn listen(&mut self, time: Duration) -> Served<()> {
        let started = Instant::now();
        while let Some(left) = time.checked_sub(started.elapsed())
            && !left.is_zero()
        {
            self.receive(left)?;
        }
        Ok(())
    }

    /// Asks which number was published last on each topic, and whether it has come.
    pub(crate) fn check(&mut self) -> Served<()> {
        let topics: Vec<_> = self.joined.keys().cloned().collect();
        for topic in topics {
            let reply = self.call(&topic, "last", &json!({}))?;
            let published = reply["response"].as_u64().unwrap();
            let membership = self.joined.get_mut(&topic).unwrap();
            if let Err(fault) = membership.hearing.check(published) {
                self.fault(format!("{topic}: {fault}"));
            }
        }
        Ok(())
    }

    /// The next message; none, if nothing comes.
    pub(crate) fn receive(&mut self, patience: Duration) -> Served<Option<Value>> {
        let stream = self.websocket.get_ref();
        stream.set_read_timeout(Some(patience)).unwrap();
        match self.websocket.read() {
            Ok(Message::Text(text)) => {
                let message: Value = serde_json::from_str(&text).unwrap();
                self.note(&message);
                Ok(Some(message))
            }
            Ok(Message::Close(frame)) => {
                let code = frame.map(|frame| frame.code.into());
                self.tally.closed(code);
                // The answer, which the server waits for.
                let _ = self.websocket.flush();
                Err(Gone(code))
            }
            Ok(_) => Ok(None),
            Err(error) if is_pause(&error) => Ok(None),
            Err(_) => {
                self.tally.closed(None);
                Err(Gone(None))
            }
        }
    }

    fn note(&mut self, message: &Value) {
        self.tally.deliveries.fetch_add(1, Relaxed);
        let topic = message[2].as_str().unwrap();
        let heard = match message[3].as_str().unwrap() {
            "number" => match self.joined.get_mut(topic) {
                Some(own) => own.hearing.hear(message[4]["n"].as_u64().unwrap()),
                None => Err("heard without being a member".to_owned()),
            },
            "phx_close" | "phx_error" => {
                let is_it = |own: &Membership| message[0] == *own.join_reference;
                if self.joined.get(topic).is_some_and(is_it) {
                    self.joined.remove(topic);
                }
                Ok(())
            }
            "phx_reply" => self.note_reply(topic, &message[1]),
            _ => Ok(()),
        };
        if let Err(fault) = heard {
            self.fault(format!("{topic}: {fault}"));
        }
    }

    /// A topic answers in the order in which it is asked.
    fn note_reply(&mut self, topic: &str, reference: &Value) -> Result<(), String> {
        let Some(reference) = reference.as_str().and_then(|text| text.parse().ok()) else {
            // To garbage.
            return Ok(());
        };
        match self.replied.insert(topic.to_owned(), reference) {
            Some(last) if last >= reference => Err(format!("replied to {reference} behind {last}")),
            _ => Ok(()),
        }
    }

    pub(crate) fn fault(&self, fault: String) {
        self.tally.fault(fault);
    }

    /// Closes as a client should.
    pub(crate) fn close(mut self) {
        let closing = tungstenite::protocol::CloseFrame {
            code: CloseCode::Normal,
            reason: "".into(),
        };
        if self.websocket.close(Some(closing)).is_ok() {
            while self.websocket.read().is_ok() {}
        }
    }

    pub(crate) fn stream(&mut self) -> &mut TcpStream {
        self.websocket.get_mut()
    }
}

/// Nothing came or went in time. The connection is as it was.
fn is_pause(error: &Error) -> bool {
    let is_pause = |error: &io::Error| {
        matches!(
            error.kind(),
            ErrorKind::WouldBlock | ErrorKind::TimedOut | ErrorKind::Interrupted
        )
    };
    matches!(error, Error::Io(error) if is_pause(error))
}
