//! One connection: its loop, its mailbox, its joined topics. Knows nothing of HTTP or WebSocket; a
//! transport hands it frames and takes frames.

mod bell;
mod call;
mod close;
mod connection;
mod dispatch;
mod idle;
mod inbox;
mod joined;
mod mailbox;
#[cfg(all(test, model))]
mod model;
mod outgoing;
mod run;
mod slot;
mod state;

pub(crate) use bell::{Bell, Ring};
pub(crate) use connection::{Connection, Session};
pub(crate) use inbox::{Inbox, Message};
pub(crate) use joined::{JoinedTopic, Phase, Sending, Stop};
pub(crate) use mailbox::{Limits, Mailbox};
pub(crate) use run::Run;
pub(crate) use slot::Running;
pub use state::State;

use crate::{
    ChannelHandler, Config, Reply,
    transport::{CloseCode, Timer, Transport},
};
use call::{Calls, Outcome, Progress};
use slot::Slots;
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
    task::{Context, Poll},
};

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
#[derive(Clone, Copy)]
enum End {
    /// The transport is gone, or the client has closed it.
    Gone,
    /// This side closes, and says why.
    Close(CloseCode),
    /// The server shuts down.
    Shutdown,
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
    pub(crate) fn run<T: Transport>(self, transport: T, timer: Arc<dyn Timer>) -> Run<H, T> {
        Run::new(self, transport, timer)
    }

    /// Whether the client has to wait: not reading is how it is told to slow down.
    fn is_busy(&self) -> bool {
        self.slots.are_full() || self.connection.mailbox.is_congested()
    }

    /// Gives the letters to their topics.
    fn sort_letters(&mut self) {
        for letter in self.connection.inbox.take() {
            self.deliver(letter);
        }
    }

    /// Lets the handlers run until all of them wait for something.
    fn poll_calls(&mut self, cx: &mut Context<'_>) {
        loop {
            let slots = &self.slots;
            let Poll::Ready(Some(progress)) = self.calls.poll(cx, || slots.have_room()) else {
                return;
            };
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
}

/// Drops what is the user's. A panic goes no further; the panic hook has said how it came.
fn discard<T>(value: T) {
    if catch_unwind(AssertUnwindSafe(|| drop(value))).is_err() {
        log::error!("what a handler left behind panicked when it was dropped");
    }
}

fn unmatched_topic() -> Reply {
    Reply::error("unmatched topic")
}
