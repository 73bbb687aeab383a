//! One connection: its loop, its mailbox, its joined topics. Knows nothing of HTTP or WebSocket; a
//! transport hands it frames and takes frames.

mod call;
mod connection;
mod dispatch;
mod idle;
mod inbox;
mod joined;
mod mailbox;
mod slot;
mod state;

pub(crate) use connection::{Connection, Session};
pub(crate) use inbox::{Inbox, Message};
pub(crate) use joined::{JoinedTopic, Phase, Sending, Stop};
pub(crate) use mailbox::{Limits, Mailbox};
pub(crate) use slot::Running;
pub use state::State;

use crate::{
    ChannelConn, ChannelHandler, Config, Reply,
    transport::{CloseCode, Received, Timer, Transport},
    wire::Frame,
};
use call::{Calls, Outcome, Progress};
use futures_util::future::{BoxFuture, join};
use idle::Idle;
use mailbox::Ending;
use slot::Slots;
use std::{
    future::poll_fn,
    panic::AssertUnwindSafe,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

/// Frames read before anything else gets its turn.
const READ_BUDGET: usize = 64;
/// Bytes handed to the transport before they are flushed.
const WRITE_CHUNK: usize = 64 * 1024;
/// How long a client has to take note of a close when nothing more can be read from it. It waits as
/// long for the end of the connection.
const LINGER: Duration = Duration::from_millis(250);

pub(crate) struct Socket<H> {
    handler: Arc<H>,
    connection: Arc<Connection>,
    config: Arc<Config>,
    slots: Slots,
    calls: Calls,
    /// Undecodable frames since the last good one.
    malformed: u32,
}

/// How the connection came to its end.
enum End {
    /// The transport is gone, or the client has closed it.
    Gone,
    /// This side closes, and says why.
    Close(CloseCode),
    /// The server shuts down.
    Shutdown,
}

impl End {
    fn patience(&self, close_timeout: Duration) -> Duration {
        match self {
            Self::Close(code) if code.is_violation() => close_timeout.min(LINGER),
            _ => close_timeout,
        }
    }
}

impl<H: ChannelHandler> Socket<H> {
    pub(crate) fn new(handler: Arc<H>, connection: Connection, config: Arc<Config>) -> Self {
        Self {
            handler,
            connection: Arc::new(connection),
            slots: Slots::new(&config),
            config,
            calls: Calls::default(),
            malformed: 0,
        }
    }

    /// Serves the connection to its end, and tells the handler about it.
    pub(crate) async fn run<T: Transport>(mut self, mut transport: T, timer: Arc<dyn Timer>) {
        let identified = self.connection.identify();
        let mut idle = Idle::new(Arc::clone(&timer), self.config.idle_timeout);
        let mut outgoing = Outgoing::default();
        let end = poll_fn(|cx| self.poll(&mut transport, &mut outgoing, &mut idle, cx)).await;
        for frame in self.connection.mailbox.close() {
            transport.send(frame);
        }
        drop(identified);
        self.end_topics();
        // The client should not wait for handlers that take their time.
        let patience = end.patience(self.config.close_timeout);
        let closing = close(transport, end, timer.delay(patience));
        join(closing, poll_fn(|cx| self.poll_remaining_calls(cx))).await;
        tell_disconnected(&*self.handler, &self.connection).await;
    }

    /// One turn: read all that is there, let the handlers run, write all that came of it.
    fn poll<T: Transport>(
        &mut self,
        transport: &mut T,
        outgoing: &mut Outgoing,
        idle: &mut Idle,
        cx: &mut Context<'_>,
    ) -> Poll<End> {
        loop {
            let more = match self.poll_read(transport, idle, cx) {
                Read::All => false,
                Read::Some => true,
                Read::Ended(end) => {
                    // What came before the end is still answered, unless it has to wait (C-9).
                    self.poll_calls(cx);
                    return Poll::Ready(end);
                }
            };
            let took = self.poll_inbox(cx);
            let ran = self.poll_calls(cx);
            let wrote = match outgoing.poll(&self.connection.mailbox, transport, cx) {
                Ok(wrote) => wrote,
                Err(end) => return Poll::Ready(end),
            };
            // Reading paused by this side is not the client's silence.
            if idle.poll(cx).is_ready() && !self.slots.are_full() {
                return Poll::Ready(End::Close(CloseCode::Idle));
            }
            if more {
                // There may be more to read, but other tasks want their turn as well.
                cx.waker().wake_by_ref();
                return Poll::Pending;
            }
            if !(took || ran || wrote) {
                return Poll::Pending;
            }
        }
    }

    fn poll_read<T: Transport>(
        &mut self,
        transport: &mut T,
        idle: &mut Idle,
        cx: &mut Context<'_>,
    ) -> Read {
        for _ in 0..READ_BUDGET {
            // Not reading is how a client is told to slow down.
            if self.slots.are_full() || self.connection.mailbox.is_congested() {
                return Read::All;
            }
            let Poll::Ready(received) = transport.poll_receive(cx) else {
                return Read::All;
            };
            idle.touch();
            match received {
                Received::Frame(frame) => {
                    if self.receive(&frame).is_err() {
                        return Read::Ended(End::Close(CloseCode::Malformed));
                    }
                }
                Received::Activity => {}
                Received::Violation(code) => return Read::Ended(End::Close(code)),
                Received::Shutdown => return Read::Ended(End::Shutdown),
                Received::Gone => return Read::Ended(End::Gone),
            }
        }
        Read::Some
    }

    /// Gives the letters to their topics; whether there were any.
    fn poll_inbox(&mut self, cx: &mut Context<'_>) -> bool {
        let connection = Arc::clone(&self.connection);
        let Poll::Ready(letters) = connection.inbox.poll_take(cx) else {
            return false;
        };
        for letter in letters {
            self.deliver(letter);
        }
        true
    }

    /// Lets the handlers run; whether one of them got anywhere.
    fn poll_calls(&mut self, cx: &mut Context<'_>) -> bool {
        let mut any = false;
        loop {
            let slots = &self.slots;
            let Poll::Ready(Some(progress)) = self.calls.poll(cx, || slots.have_room()) else {
                return any;
            };
            any = true;
            match progress {
                Progress::Finished(joined, outcome) => self.finish(&joined, outcome),
                Progress::Waits(joined, abort) => self.wait(&joined, abort),
                Progress::NoRoom(joined) => {
                    joined.refuse(&self.connection, &Reply::error("too many channels joined"));
                    self.finish(&joined, Outcome::Returned);
                }
                Progress::Own(own) => self.say(own),
            }
        }
    }

    fn poll_remaining_calls(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        self.poll_calls(cx);
        if self.slots.is_empty() {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    }
}

async fn tell_disconnected<H: ChannelHandler>(handler: &H, connection: &Connection) {
    let told = async {
        let conn = ChannelConn::disconnected(connection);
        handler.disconnect(conn).await;
    };
    if call::catch(AssertUnwindSafe(told)).await.is_err() {
        log::error!("a `disconnect` handler panicked");
    }
}

enum Read {
    /// There is nothing more to read for now.
    All,
    /// The budget is used up.
    Some,
    Ended(End),
}

/// Frames between the mailbox and the transport.
#[derive(Default)]
struct Outgoing {
    frames: Vec<Frame>,
    flushing: bool,
}

impl Outgoing {
    /// Writes what the mailbox has, flushing once for all of it; whether it wrote anything. While the
    /// transport is busy the rest stays in the mailbox, where it is counted.
    fn poll<T: Transport>(
        &mut self,
        mailbox: &Mailbox,
        transport: &mut T,
        cx: &mut Context<'_>,
    ) -> Result<bool, End> {
        let mut wrote = false;
        loop {
            if self.flushing {
                match transport.poll_flush(cx) {
                    Poll::Ready(Ok(())) => self.flushing = false,
                    Poll::Ready(Err(_)) => return Err(End::Gone),
                    Poll::Pending => {
                        return match mailbox.poll_ending(cx) {
                            Poll::Ready(ending) => Err(ending.into()),
                            Poll::Pending => Ok(wrote),
                        };
                    }
                }
            }
            match mailbox.poll_take(cx, WRITE_CHUNK, &mut self.frames) {
                Poll::Pending => return Ok(wrote),
                Poll::Ready(Err(ending)) => return Err(ending.into()),
                Poll::Ready(Ok(())) => {
                    for frame in self.frames.drain(..) {
                        transport.send(frame);
                    }
                    self.flushing = true;
                    wrote = true;
                }
            }
        }
    }
}

impl From<Ending> for End {
    fn from(Ending(code): Ending) -> Self {
        if code == CloseCode::Overflow {
            log::warn!("closing a connection: its client does not keep up with what is sent to it");
        }
        Self::Close(code)
    }
}

/// Says goodbye where this side ends the connection, and gives the client a while to hear it.
async fn close<T: Transport>(mut transport: T, end: End, mut timeout: BoxFuture<'static, ()>) {
    let code = match end {
        // The transport has finished the closing handshake that the client began.
        End::Gone => return,
        End::Close(code) => code,
        End::Shutdown => CloseCode::Restart,
    };
    transport.close(code);
    let mut flushed = false;
    poll_fn(|cx| {
        if timeout.as_mut().poll(cx).is_ready() {
            return Poll::Ready(());
        }
        if !flushed {
            match transport.poll_flush(cx) {
                Poll::Ready(Ok(())) => flushed = true,
                Poll::Ready(Err(_)) => return Poll::Ready(()),
                Poll::Pending => {}
            }
        }
        // A socket that is dropped with unread input takes the close frame with it. So what comes is
        // read until the client has closed, too; after a violation nothing can be read any more, and
        // what helps is to wait.
        let mut gone = matches!(end, End::Shutdown);
        while !gone && let Poll::Ready(received) = transport.poll_receive(cx) {
            gone = matches!(received, Received::Gone | Received::Shutdown);
        }
        if flushed && gone && !code.is_violation() {
            return Poll::Ready(());
        }
        Poll::Pending
    })
    .await;
}

fn unmatched_topic() -> Reply {
    Reply::error("unmatched topic")
}
