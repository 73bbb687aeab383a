use super::{
    Mailbox,
    alarm::Alarm,
    bell::{Ear, Ring},
    stall::Stall,
};
use crate::{transport::Transport, watch};
use arrayvec::ArrayVec;
use std::{
    io,
    task::Context,
    time::{Duration, Instant},
};

/// Bytes given to the transport before they are flushed.
pub(super) const WRITE_CHUNK: usize = 64 * 1024;
/// Frames taken from the mailbox, and given to the transport, at once.
const BATCH: usize = 64;

/// The way from the mailbox to the transport.
#[derive(Debug, Default)]
pub(super) struct Outgoing {
    /// The transport has not written yet all that it was given.
    busy: bool,
    /// The mailbox has more than was taken.
    more: bool,
    /// How long it may stay busy.
    stall: Stall,
}

impl Outgoing {
    /// Writes what the mailbox has, up to about a chunk, and then flushes it. While the transport is busy the
    /// rest stays in the mailbox, where it is counted.
    ///
    /// # Errors
    ///
    /// If the transport is gone.
    pub(super) fn poll<T: Transport>(
        &mut self,
        mailbox: &Mailbox,
        ear: &Ear,
        alarm: &mut Alarm,
        timeout: Duration,
        transport: &mut T,
        cx: &mut Context<'_>,
    ) -> io::Result<()> {
        // What the transport answers by itself waits here as well.
        if self.busy || transport.unsent() > 0 {
            self.flush(alarm, timeout, transport, cx)?;
        }
        if !self.busy && (self.more || ear.heard(Ring::Mail)) {
            self.more = !feed(mailbox, ear.connection().watch(), transport);
            self.flush(alarm, timeout, transport, cx)?;
        }
        Ok(())
    }

    fn flush<T: Transport>(
        &mut self,
        alarm: &mut Alarm,
        timeout: Duration,
        transport: &mut T,
        cx: &mut Context<'_>,
    ) -> io::Result<()> {
        self.busy = transport.poll_flush(cx)?.is_pending();
        if self.busy {
            self.stall
                .expect_progress(alarm, timeout, transport.unsent());
        } else {
            self.stall = Stall::default();
        }
        Ok(())
    }

    /// Whether the mailbox may have more than it has rung for.
    pub(super) fn is_behind(&self) -> bool {
        self.busy || self.more
    }

    /// Whether there is more that can be written now.
    pub(super) fn has_more(&self) -> bool {
        self.more && !self.busy
    }

    pub(super) fn deadline(&self) -> Option<Instant> {
        self.stall.deadline()
    }

    /// Whether the transport has been busy for too long.
    pub(super) fn is_stalled(&self, now: Instant) -> bool {
        self.stall.is_overdue(now)
    }

    /// What is left for a later turn: more mail changes nothing while the transport is busy.
    pub(super) fn leaves(&self) -> Option<Ring> {
        self.busy.then_some(Ring::Mail)
    }
}

/// Gives frames to the transport, up to about a chunk; whether that was all.
fn feed<T: Transport>(mailbox: &Mailbox, watch: &watch::Hub, transport: &mut T) -> bool {
    let mut fed = 0;
    loop {
        let mut batch = ArrayVec::<_, BATCH>::new();
        let (taken, all) = mailbox.take(WRITE_CHUNK - fed, &mut batch);
        fed += taken;
        // Drained, for a batch that is moved is copied, with all the room that it has.
        transport.send(&mut watch.sending(batch.drain(..)));
        if all || fed >= WRITE_CHUNK {
            return all;
        }
    }
}
