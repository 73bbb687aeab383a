//! One connection: its loop, its mailbox, its joined topics. Knows nothing of HTTP or WebSocket; a
//! transport hands it frames and takes frames.

mod alarm;
mod astray;
mod bell;
mod budget;
mod call;
mod close;
mod connection;
mod dispatch;
mod inbox;
mod inputs;
mod joined;
mod mailbox;
#[cfg(all(test, model))]
pub(crate) mod model;
mod outgoing;
mod pings;
mod queue;
mod queued;
mod rate;
mod run;
mod slot;
mod stall;
mod state;
mod tasks;
mod timeout;
mod turn;
mod yielding;

pub(crate) use bell::{Bell, Ring};
pub(crate) use budget::{Budget, Reserved};
pub(crate) use connection::{Connection, Session};
pub(crate) use inbox::{Inbox, Message};
pub(crate) use joined::{JoinedTopic, Phase, Sending};
pub(crate) use mailbox::Mailbox;
pub(crate) use queued::Broadcast;
pub(crate) use run::Run;
pub(crate) use slot::{Running, SlotKey};
pub use state::State;
pub(crate) use tasks::spawn;

use crate::{
    close::CloseCode,
    config::Config,
    handler::ChannelHandler,
    reply::Reply,
    transport::Transport,
    watch::{self, JoinRefusal},
};
use alarm::Alarm;
use call::{Calls, Outcome, Party, Progress};
use slot::Slots;
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
    task::{Context, Poll},
};

/// What there is of a connection besides its transport. In this order, as its task is.
#[repr(C)]
pub(crate) struct Socket<H> {
    /// Also in `party`, but at hand.
    connection: Arc<Connection>,
    config: Arc<Config>,
    alarm: Alarm,
    calls: Calls,
    party: Arc<Party<H>>,
    slots: Slots,
    /// Undecodable frames since the last good one.
    malformed: u32,
    /// Bytes of the budget that this task has taken.
    counted: usize,
    /// Of these, those that the transport had when it was last looked at.
    buffered: usize,
    /// Likewise what its buffer for reading has.
    read_buffer: usize,
    watch: watch::Connection,
}

/// How the connection came to its end.
#[derive(Clone, Copy)]
enum End {
    /// The transport is gone, or the client has closed it.
    Gone,
    /// This side closes, and says why.
    Close(CloseCode),
}

impl<H: ChannelHandler> Socket<H> {
    pub(crate) fn new(handler: Arc<H>, connection: Connection, config: Arc<Config>) -> Self {
        connection.hub().connected();
        let timer = Arc::clone(&connection.session.timer);
        let connection = Arc::new(connection);
        let party = Party {
            handler,
            connection: Arc::clone(&connection),
        };
        Self {
            party: Arc::new(party),
            watch: watch::Connection::open(&connection),
            connection,
            slots: Slots::new(),
            calls: Calls::new(),
            alarm: Alarm::new(timer, config.idle_timeout),
            config,
            malformed: 0,
            counted: 0,
            buffered: 0,
            read_buffer: 0,
        }
    }

    pub(crate) fn connection(&self) -> &Arc<Connection> {
        &self.connection
    }

    /// Serves the connection to its end, and tells the handler about it.
    pub(crate) fn run<T: Transport>(self, transport: T) -> watch::Spanned<Run<H, T>> {
        let span = self.watch.span();
        span.around(Run::new(self, transport))
    }

    /// Whether nothing of what the client has asked for is under way.
    fn is_at_rest(&self) -> bool {
        self.calls.are_none()
    }

    /// How many bytes are kept for what the client has sent.
    fn kept(&self) -> usize {
        self.slots.kept() + self.calls.answers()
    }

    /// How many bytes the client may still send, besides what is in the mailbox, and besides a message that is being
    /// read, which is in memory twice.
    fn room_to_read(&self) -> Option<usize> {
        let budget = &self.connection.budget;
        let others = budget.used() - self.counted;
        // Only reading on gives the buffer back, so it must not be what holds reading up.
        let message = self.config.max_message_size;
        let reading = message + self.read_buffer.clamp(message, 2 * message);
        let own = self.kept() + self.buffered;
        budget.most().checked_sub(reading + others + own)
    }

    /// Takes as much of the budget as is needed for what the client has sent, and for what the transport has. Not before
    /// handlers have had their turn: most have returned then, and nothing is to be counted at all.
    fn take_budget(&mut self, buffered: usize, read_buffer: usize) {
        (self.buffered, self.read_buffer) = (buffered, read_buffer);
        let now = self.kept() + buffered + read_buffer;
        if now == self.counted {
            return;
        }
        self.connection.budget.replace(self.counted, now);
        if now > self.counted {
            self.connection.give_way();
        }
        self.counted = now;
    }

    /// Gives back what a handler has taken that has returned: what comes of it may need the room.
    fn give_budget_back(&mut self) {
        if self.kept() + self.buffered + self.read_buffer < self.counted {
            self.take_budget(self.buffered, self.read_buffer);
        }
    }

    /// Gives the letters to their topics.
    fn sort_letters(&mut self) {
        for letter in self.connection.inbox.take() {
            self.deliver(letter);
        }
    }

    /// Lets the handlers run until all of them wait for something, and tells what was lost by what
    /// they sent.
    fn poll_calls(&mut self, cx: &mut Context<'_>) {
        self.run_calls(cx);
        self.connection.hub().losses.tell();
    }

    fn run_calls(&mut self, cx: &mut Context<'_>) {
        loop {
            let (slots, config) = (&self.slots, &self.config);
            let has_room = |not_asked| slots.have_room(not_asked, config);
            let Poll::Ready(Some(progress)) = self.calls.poll(cx, has_room) else {
                return;
            };
            match progress {
                Progress::Finished(joined, outcome) => self.finish(&joined, outcome),
                Progress::Waits(joined, abort, asked) => self.wait(&joined, abort, asked),
                Progress::NoRoom(joined) => {
                    let reply = Reply::error("too many channels joined");
                    joined.refuse(&self.connection, JoinRefusal::TooMany, &reply);
                    self.finish(&joined, Outcome::Returned);
                }
                Progress::Own(own) => self.say(own),
            }
        }
    }
}

impl<H> Drop for Socket<H> {
    fn drop(&mut self) {
        self.connection.hub().disconnected();
    }
}

/// Drops what is the user's. A panic goes no further; the panic hook has said how it came.
fn discard<T>(value: T) {
    if catch_unwind(AssertUnwindSafe(|| drop(value))).is_err() {
        log::error!("what a handler left behind panicked when it was dropped");
    }
}

fn reply_too_large() -> Reply {
    Reply::error("reply too large")
}

fn unmatched_topic() -> Reply {
    Reply::error("unmatched topic")
}
