use super::{
    Connection, End, Socket,
    bell::{Ear, Ring},
    outgoing::Outgoing,
    pings::{self, Pings},
    turn::Turn,
    yielding,
};
use crate::{
    close::CloseCode,
    handler::ChannelHandler,
    hub::Membership,
    transport::{Received, Transport},
};
use futures_util::{FutureExt, future::BoxFuture};
use std::{
    mem,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, Waker, ready},
    time::{Duration, Instant},
};

/// A connection from its handshake to its end: the task that it is.
///
/// Written out instead of as an `async fn`, which would keep what it is given twice. There is one of
/// these for each connection, and most of them are idle.
#[expect(
    clippy::large_enum_variant,
    reason = "most connections are in the large one, and each box is an allocation"
)]
pub(crate) enum Run<H, T> {
    Serving {
        serving: Serving<H, T>,
        /// What is outside wakes the task by this.
        outside: Waker,
    },
    /// Boxed: few connections are in here at a time.
    Ending {
        ending: BoxFuture<'static, ()>,
        ear: Ear,
    },
    Done,
}

/// In this order: first, and side by side, what every turn looks at.
#[repr(C)]
pub(crate) struct Serving<H, T> {
    ear: Ear,
    outgoing: Outgoing,
    /// The server shuts down: nothing is read any more, and what has been read is answered.
    retiring: bool,
    /// Nothing is read for now, though something may be there.
    paused: bool,
    /// Other tasks have had their turn before the client is asked for more.
    yielded: bool,
    /// When something last came from the client.
    heard: Instant,
    socket: Socket<H>,
    transport: T,
    identified: Option<Membership>,
    pings: Option<Box<Pings>>,
}

/// How far reading has got.
enum Read {
    /// There is nothing more to read for now, unless the turn is over.
    All,
    /// The client has to wait.
    Paused,
    Ended(End),
}

impl<H: ChannelHandler, T: Transport> Run<H, T> {
    pub(super) fn new(mut socket: Socket<H>, transport: T) -> Self {
        let heard = socket.alarm.now();
        let connection = &socket.connection;
        let outside = Arc::clone(connection).into();
        let serving = Serving {
            transport,
            outgoing: Outgoing::default(),
            heard,
            ear: Ear::new(connection),
            retiring: false,
            paused: false,
            yielded: false,
            identified: connection.identify(),
            pings: None,
            socket,
        };
        Self::Serving { serving, outside }
    }
}

impl<H: ChannelHandler, T: Transport> Future for Run<H, T> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if let Self::Serving { serving, outside } = &mut *self {
            let mut outside = Context::from_waker(outside);
            // Handlers are caught one by one. What is left is still an end like any other.
            let turn = AssertUnwindSafe(|| serving.poll(cx.waker(), &mut outside));
            let end = ready!(catch_unwind(turn).unwrap_or_else(|_| {
                log::error!("a connection panicked");
                Poll::Ready(End::Close(CloseCode::Crash))
            }));
            if let Self::Serving { serving, .. } = mem::replace(&mut *self, Self::Done) {
                *self = serving.end(end);
            }
        }
        if let Self::Ending { ending, ear } = &mut *self {
            ear.wake_up(cx.waker());
            if !ear.connection().is_abandoned() {
                ready!(ending.as_mut().poll(cx));
            }
            *self = Self::Done;
        }
        Poll::Ready(())
    }
}

impl<H: ChannelHandler, T: Transport> Serving<H, T> {
    /// One turn: read what is there, let the handlers run, write what came of it. Again and again, as far as
    /// one turn goes: other tasks want theirs as well.
    fn poll(&mut self, task: &Waker, cx: &mut Context<'_>) -> Poll<End> {
        self.ear.wake_up(task);
        let mut turn = Turn::new();
        loop {
            turn.count();
            let stirred = self.ear.heard(Ring::Outside);
            if stirred {
                self.socket.alarm.stir();
            }
            let reads = stirred || self.paused || self.transport.is_unasked();
            let read = if reads {
                self.poll_read(&mut turn, cx)
            } else {
                Read::All
            };
            if self.ear.heard(Ring::Letter) {
                self.socket.sort_letters();
            }
            let runs = stirred || self.socket.calls.are_fresh();
            if runs {
                self.socket.poll_calls(cx);
            }
            if let Read::Ended(end) = read {
                // What came before the end is still answered, unless it has to wait (C-9).
                return Poll::Ready(end);
            }
            if let Some(end) = self.poll_write(cx) {
                return Poll::Ready(end);
            }
            // A delivery that the transport takes at once changes nothing of what is kept.
            if reads || runs || self.outgoing.is_behind() {
                let (held, read_buffer) = (self.transport.held(), self.transport.read_buffer());
                self.socket.take_budget(held, read_buffer);
            }
            if self.retiring && self.socket.is_at_rest() {
                return Poll::Ready(End::Close(CloseCode::Restart));
            }
            if (stirred || !self.socket.alarm.is_armed())
                && let Some(end) = self.poll_overdue(cx)
            {
                return Poll::Ready(end);
            }
            let is_unasked = self.transport.is_unasked();
            let can_go_on = (self.paused || is_unasked) && !self.has_to_wait();
            self.yielded = can_go_on && is_unasked && yielding::may_help();
            if self.yielded || turn.is_over() {
                // There may be more to do, but other tasks want their turn as well.
                self.ear.doze(task);
                return Poll::Pending;
            }
            let has_more = can_go_on || self.outgoing.has_more();
            if !has_more && self.ear.sleep(self.outgoing.leaves()) {
                return Poll::Pending;
            }
        }
    }

    /// Whether nothing more is to be read for now: not reading is how a client is told to slow down.
    fn has_to_wait(&self) -> bool {
        self.room().is_none()
    }

    /// How many bytes the client may still send, if it need not wait.
    fn room(&self) -> Option<usize> {
        if self.retiring
            || self.socket.slots.are_full(&self.socket.config)
            || self.transport.is_backed_up()
        {
            return None;
        }
        let room = self.socket.room_to_read()?;
        if self.has_mail() {
            return self.socket.connection.mailbox.room_for_answers(room);
        }
        Some(room)
    }

    /// Whether the mailbox may have something. To know that it has not takes no look into it.
    fn has_mail(&self) -> bool {
        self.outgoing.is_behind() || self.ear.is_ringing(Ring::Mail)
    }

    fn poll_read(&mut self, turn: &mut Turn, cx: &mut Context<'_>) -> Read {
        let read = self.read(turn, cx);
        let paused = matches!(read, Read::Paused);
        if paused && !self.paused && !self.retiring {
            // The client is looked for by then.
            self.socket.alarm.expect(pings::INTERVAL);
        }
        self.paused = paused;
        read
    }

    fn read(&mut self, turn: &mut Turn, cx: &mut Context<'_>) -> Read {
        let Some(room) = self.room() else {
            return Read::Paused;
        };
        let kept = self.socket.kept();
        while !turn.is_over() {
            let received = self.transport.poll_receive(cx);
            if mem::take(&mut self.yielded) {
                yielding::has_helped(received.is_ready());
            }
            let Poll::Ready(received) = received else {
                return Read::All;
            };
            turn.count();
            self.heard = self.socket.alarm.now();
            match received {
                Received::Frame(frame) => {
                    turn.count_bytes(frame.len());
                    if self.socket.receive(&frame).is_err() {
                        return Read::Ended(End::Close(CloseCode::Malformed));
                    }
                    // The mailbox fills when handlers run.
                    let read = self.socket.kept().saturating_sub(kept);
                    if self.socket.slots.are_full(&self.socket.config) || read > room {
                        return Read::Paused;
                    }
                }
                Received::Control if !self.allows_control() => {
                    return Read::Ended(End::Close(CloseCode::ControlFlood));
                }
                Received::Control if self.transport.is_backed_up() => return Read::Paused,
                Received::Activity | Received::Control => {}
                Received::Violation(code) => return Read::Ended(End::Close(code)),
                Received::Gone => return Read::Ended(End::Gone),
            }
        }
        Read::All
    }

    #[cold]
    fn allows_control(&mut self) -> bool {
        let pings = self.pings.get_or_insert_default();
        pings.allow(&self.socket.config, self.heard)
    }

    /// Writes what there is to write, and says whether that is the end.
    fn poll_write(&mut self, cx: &mut Context<'_>) -> Option<End> {
        let Socket {
            connection,
            alarm,
            config,
            ..
        } = &mut self.socket;
        let mailbox = &connection.mailbox;
        if self.ear.heard(Ring::End) {
            self.retiring = connection.is_retiring();
            if let Some(code) = mailbox.ending() {
                if code == CloseCode::Overflow {
                    warn_of_slow(connection, "does not keep up with what is sent to it");
                }
                return Some(End::Close(code));
            }
        }
        let transport = &mut self.transport;
        let written = self.outgoing.poll(
            mailbox,
            &self.ear,
            alarm,
            config.write_timeout,
            transport,
            cx,
        );
        written.is_err().then_some(End::Gone)
    }

    /// Looks at what may have taken too long, when it is time to, and says whether that is the end.
    fn poll_overdue(&mut self, cx: &mut Context<'_>) -> Option<End> {
        while let Poll::Ready(now) = self.socket.alarm.poll(cx) {
            let silence = now.saturating_duration_since(self.heard);
            let mut patience = self.socket.config.idle_timeout.saturating_sub(silence);
            if patience.is_zero() {
                // Reading paused by this side is not the client's silence.
                if !self.paused {
                    return Some(End::Close(CloseCode::Idle));
                }
                patience = self.socket.config.idle_timeout;
            }
            if self.outgoing.is_stalled(now) {
                let connection = &self.socket.connection;
                warn_of_slow(connection, "takes nothing of what is sent to it");
                return Some(End::Close(CloseCode::Stalled));
            }
            if self.paused && !self.retiring {
                if let Some(end) = self.poll_ping(now, cx) {
                    return Some(end);
                }
                patience = patience.min(pings::INTERVAL);
            }
            self.socket.time_out_calls(now);
            let others = [self.outgoing.deadline(), self.socket.next_timeout()];
            let others = others.into_iter().flatten();
            let others = others.map(|deadline| deadline.saturating_duration_since(now));
            let next = others.fold(patience, Duration::min);
            self.socket.alarm.set(now, next);
        }
        None
    }

    /// Sends a client that is not read a sign of life now and then, and says whether it is gone.
    fn poll_ping(&mut self, now: Instant, cx: &mut Context<'_>) -> Option<End> {
        let pings = self.pings.get_or_insert_default();
        // What is being written tells as much.
        if self.transport.unsent() > 0 || !pings.is_due(now) {
            return None;
        }
        if self.transport.ping().is_err() {
            return Some(End::Gone);
        }
        self.poll_write(cx)
    }

    fn end(self, end: End) -> Run<H, T> {
        let Self {
            socket,
            transport,
            ear,
            identified,
            ..
        } = self;
        drop(identified);
        let left = socket.connection.mailbox.close();
        let ending = socket.wind_up(transport, left, end).boxed();
        Run::Ending { ending, ear }
    }
}

/// Says once in a while that connections are closed because of what their clients do not take.
#[cold]
fn warn_of_slow(connection: &Connection, what: &str) {
    let now = connection.session.timer.now();
    if let Some(others) = connection.hub().throttles.slow.admit(now) {
        log::warn!("closing a connection: its client {what}{others}");
    }
}
