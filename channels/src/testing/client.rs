use super::{Message, TestReply, message::Push, patience::patience, pipe::Pipe};
use crate::{
    message::payload::Payload,
    transport::Received,
    wire::{self, Serializer},
};
use async_executor::Executor;
use futures_util::future::{Either, select};
use serde::Serialize;
use serde_json::{Value, json};
use std::{
    collections::{HashMap, VecDeque},
    fmt,
    future::poll_fn,
    pin::pin,
    sync::Arc,
};

/// One in-memory connection that speaks as phoenix.js does. See the [module](super).
///
/// Sending never waits. Methods that wait keep what they were not asked for, for a later call.
pub struct TestClient {
    pipe: Pipe,
    executor: Arc<Executor<'static>>,
    serializer: Serializer,
    /// The `join_ref` of each joined topic.
    joined: HashMap<String, String>,
    last_reference: u64,
    unread: VecDeque<Message>,
    closed: Option<Frame>,
}

/// What comes over the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Frame {
    /// A text frame.
    Text(String),
    /// A binary frame.
    Binary(Vec<u8>),
    /// A close frame with its code.
    Close(u16),
    /// The connection is gone.
    Gone,
}

/// Names a push, to wait for its reply.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PushRef(String);

impl TestClient {
    pub(super) fn new(
        pipe: Pipe,
        executor: Arc<Executor<'static>>,
        serializer: Serializer,
    ) -> Self {
        Self {
            pipe,
            executor,
            serializer,
            joined: HashMap::new(),
            last_reference: 0,
            unread: VecDeque::new(),
            closed: None,
        }
    }

    /// Joins a topic and waits for the reply.
    pub async fn join(&mut self, topic: &str, payload: impl Serialize) -> TestReply {
        let join = self.start_join(topic, payload);
        self.reply(&join).await
    }

    /// Sends a join without waiting for its reply.
    pub fn start_join(&mut self, topic: &str, payload: impl Serialize) -> PushRef {
        let reference = self.next_reference();
        self.joined.insert(topic.to_owned(), reference.clone());
        self.send(reference, topic, "phx_join", payload)
    }

    /// Leaves a topic and waits for the reply.
    pub async fn leave(&mut self, topic: &str) -> TestReply {
        let leave = self.push(topic, "phx_leave", json!({}));
        self.reply(&leave).await
    }

    /// Sends an event.
    pub fn push(&mut self, topic: &str, event: &str, payload: impl Serialize) -> PushRef {
        let reference = self.next_reference();
        self.send(reference, topic, event, payload)
    }

    /// Sends an event and waits for the reply.
    pub async fn call(&mut self, topic: &str, event: &str, payload: impl Serialize) -> TestReply {
        let push = self.push(topic, event, payload);
        self.reply(&push).await
    }

    fn next_reference(&mut self) -> String {
        self.last_reference += 1;
        self.last_reference.to_string()
    }

    /// # Panics
    ///
    /// On a payload without a JSON form.
    fn send(
        &mut self,
        reference: String,
        topic: &str,
        event: &str,
        payload: impl Serialize,
    ) -> PushRef {
        let payload = Payload::new(&payload)
            .unwrap_or_else(|error| panic!("the payload has no JSON form: {error}"));
        let push = Push {
            join_reference: self.joined.get(topic).map(String::as_str),
            reference: &reference,
            topic,
            event,
            payload: &payload,
        };
        let frame = push.encode(self.serializer);
        self.pipe.send(Received::Frame(frame));
        PushRef(reference)
    }

    /// Waits for the reply to a join, a push or a leave.
    pub async fn reply(&mut self, push: &PushRef) -> TestReply {
        let is_it =
            |message: &Message| message.event == "phx_reply" && message.reference == *push.0;
        self.take(is_it).await.into_reply()
    }

    /// Waits for an event on a topic: a push or a broadcast. Gives its payload.
    pub async fn event(&mut self, topic: &str, event: &str) -> Value {
        let is_it = |message: &Message| message.topic == topic && message.event == event;
        self.take(is_it).await.payload
    }

    /// The next message, whatever it is.
    pub async fn message(&mut self) -> Message {
        self.take(|_| true).await
    }

    async fn take(&mut self, is_it: impl Fn(&Message) -> bool) -> Message {
        let mut seen = 0;
        loop {
            if let Some(position) = self.unread.iter().skip(seen).position(&is_it)
                && let Some(message) = self.unread.remove(seen + position)
            {
                return message;
            }
            seen = self.unread.len();
            let frame = self.frame().await;
            self.keep(&frame);
        }
    }

    /// # Panics
    ///
    /// At the end of the connection: what is waited for will not come.
    fn keep(&mut self, frame: &Frame) {
        match frame {
            Frame::Text(_) | Frame::Binary(_) => self.keep_message(frame),
            Frame::Close(_) | Frame::Gone => {
                self.closed = Some(frame.clone());
                panic!(
                    "the connection ended: {frame:?}; not awaited before: {:?}",
                    self.unread
                )
            }
        }
    }

    fn keep_message(&mut self, frame: &Frame) {
        let message = Message::decode(self.serializer, frame);
        self.unread.push_back(message);
    }

    /// Asserts that the server has nothing more to say as things are.
    ///
    /// # Panics
    ///
    /// If there is a message that was not awaited.
    #[track_caller]
    pub fn assert_quiet(&mut self) {
        self.settle();
        while let Some(frame) = self.pipe.try_next() {
            match frame {
                Frame::Text(_) | Frame::Binary(_) => self.keep_message(&frame),
                other => panic!("not awaited: {other:?}"),
            }
        }
        assert!(self.unread.is_empty(), "not awaited: {:?}", self.unread);
    }

    /// Runs every connection of the app until none of them has anything left to do.
    pub fn settle(&self) {
        while self.executor.try_tick() {}
    }

    /// Sends a text frame as it is.
    pub fn send_text(&self, text: impl Into<String>) {
        let frame = wire::Frame::Text(text.into().into());
        self.pipe.send(Received::Frame(frame));
    }

    /// Sends a binary frame as it is.
    pub fn send_binary(&self, bytes: impl Into<Vec<u8>>) {
        let frame = wire::Frame::Binary(bytes.into().into());
        self.pipe.send(Received::Frame(frame));
    }

    /// The next frame as it is. Frames that other methods have read and kept do not come again.
    ///
    /// # Panics
    ///
    /// When nothing has come for ten seconds: this test would hang, and should fail.
    pub async fn frame(&mut self) -> Frame {
        if let Some(closed) = &self.closed {
            return closed.clone();
        }
        self.settle();
        if let Some(frame) = self.pipe.try_next() {
            return frame;
        }
        // What is waited for comes from outside of the connections: a handler waits for something.
        let next = poll_fn(|cx| self.pipe.poll_next(cx));
        match self
            .executor
            .run(select(pin!(next), pin!(patience())))
            .await
        {
            Either::Left((frame, _)) => frame,
            Either::Right(_) => panic!("nothing came; not awaited before: {:?}", self.unread),
        }
    }

    /// Waits for the server to close the connection, and gives the close code; `None` if it goes
    /// without one. Everything that came before is thrown away.
    pub async fn closed(&mut self) -> Option<u16> {
        loop {
            match self.frame().await {
                Frame::Text(_) | Frame::Binary(_) => {}
                Frame::Close(code) => return Some(code),
                Frame::Gone => return None,
            }
        }
    }

    /// Stops reading, as a client that hangs: the connection takes nothing more.
    pub fn pause_reading(&self) {
        self.take_bytes(0);
    }

    /// Takes so many bytes more and no others, as a client with a slow line. The frames that they are of come when it has
    /// all that was sent together, or [reads on](Self::resume_reading).
    pub fn take_bytes(&self, bytes: usize) {
        self.pipe.take(Some(bytes));
    }

    /// Reads on.
    pub fn resume_reading(&self) {
        self.pipe.take(None);
    }
}

/// A client that is dropped has disconnected.
impl Drop for TestClient {
    fn drop(&mut self) {
        self.pipe.send(Received::Gone);
    }
}

impl fmt::Debug for TestClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TestClient")
            .field("joined", &self.joined)
            .field("unread", &self.unread)
            .finish_non_exhaustive()
    }
}
