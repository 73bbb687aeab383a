use super::wire::{End, Wire};
use crate::{
    clock::Timer,
    config::Config,
    conn::ChannelConn,
    handler::ChannelHandler,
    hub::Hub,
    limits::QueueLimits,
    message::{event::ChannelEvent, payload::Payload},
    socket::{Connection, Run, Session, Socket},
    wire::Serializer,
};
use async_trait::async_trait;
use futures_util::future::{BoxFuture, pending};
use std::{
    future::poll_fn,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    task::{Context, Poll, Wake, Waker},
    time::{Duration, Instant},
};
use trillium::TypeSet;

/// A connection and its task, as a server runs it, but for the transport.
pub(super) struct Task {
    pub(super) connection: Arc<Connection>,
    pub(super) disconnects: Arc<AtomicUsize>,
    pub(super) wire: Arc<Wire>,
    run: Run<Nobody, End>,
    polls: Arc<AtomicUsize>,
}

/// A task of an executor that hands out a new waker for each poll. Those of earlier polls wake nobody,
/// as when a task has moved.
struct Poller {
    task: Waker,
    number: usize,
    polls: Arc<AtomicUsize>,
}

impl Task {
    pub(super) fn new(wire: Wire, limits: QueueLimits) -> Self {
        let disconnects = Arc::default();
        let handler = Nobody {
            disconnects: Arc::clone(&disconnects),
        };
        let config = Arc::new(Config::new().mailbox(limits.frames, limits.bytes));
        let connection = Connection::new(session(), TypeSet::new(), &config);
        let socket = Socket::new(Arc::new(handler), connection, config);
        let wire = Arc::new(wire);
        Self {
            connection: Arc::clone(&socket.connection),
            disconnects,
            run: socket.run(End(Arc::clone(&wire))),
            wire,
            polls: Arc::default(),
        }
    }

    /// Runs until this holds or the connection has ended. With a wake-up that is lost it never does,
    /// which the model checker calls a deadlock.
    pub(super) fn run_until(&mut self, is_done: impl Fn(&Wire) -> bool) {
        loom::future::block_on(poll_fn(|cx| {
            let ended = self.poll(cx).is_ready();
            if ended || is_done(&self.wire) {
                Poll::Ready(())
            } else {
                Poll::Pending
            }
        }));
    }

    /// Runs to the end of the connection.
    pub(super) fn run(&mut self) {
        loom::future::block_on(poll_fn(|cx| self.poll(cx)));
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let poller = Poller {
            task: cx.waker().clone(),
            number: self.polls.fetch_add(1, SeqCst) + 1,
            polls: Arc::clone(&self.polls),
        };
        let waker = Arc::new(poller).into();
        Pin::new(&mut self.run).poll(&mut Context::from_waker(&waker))
    }

    /// The wakers that someone still has.
    pub(super) fn wakers(&self) -> usize {
        Arc::strong_count(&self.polls) - 1
    }
}

impl Wake for Poller {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        if self.number == self.polls.load(SeqCst) {
            self.task.wake_by_ref();
        }
    }
}

fn session() -> Session {
    Session {
        hub: Arc::new(Hub::default()),
        serializer: Serializer::V2,
        params: Payload::empty(),
        peer_ip: None,
        auth_token: None,
        id: None,
        timer: Arc::new(Stopped::new()),
    }
}

/// Counts the ends of connections.
struct Nobody {
    disconnects: Arc<AtomicUsize>,
}

#[async_trait]
impl ChannelHandler for Nobody {
    async fn join_channel(&self, _: ChannelConn<'_>, _: ChannelEvent) {}

    async fn disconnect(&self, _: ChannelConn<'_>) {
        self.disconnects.fetch_add(1, SeqCst);
    }
}

/// A clock that stands still.
#[derive(Debug)]
pub(crate) struct Stopped(Instant);

impl Stopped {
    pub(crate) fn new() -> Self {
        Self(Instant::now())
    }
}

impl Timer for Stopped {
    fn spawn(&self, _: BoxFuture<'static, ()>) {}

    fn now(&self) -> Instant {
        self.0
    }

    fn delay(&self, _: Duration) -> BoxFuture<'static, ()> {
        Box::pin(pending())
    }
}
