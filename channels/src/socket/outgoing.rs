use super::{
    Mailbox,
    alarm::Alarm,
    bell::{Ear, Ring},
    queued::Queued,
};
use crate::{transport::Transport, watch};
use arrayvec::ArrayVec;
use std::{
    io,
    task::Context,
    time::{Duration, Instant},
};

/// Bytes given to the transport before they are flushed.
const WRITE_CHUNK: usize = 64 * 1024;
/// Frames taken from the mailbox, and given to the transport, at once.
const BATCH: usize = 64;

/// The way from the mailbox to the transport.
#[derive(Debug, Default)]
pub(super) struct Outgoing {
    /// The transport has not written yet all that it was given.
    busy: bool,
    /// The mailbox has more than was taken.
    more: bool,
    /// By when it has to be done with what it is busy with; never, if that is beyond what the clock
    /// can say.
    deadline: Option<Instant>,
}

impl Outgoing {
    /// Writes what the mailbox has, flushing once for all of it. While the transport is busy the rest
    /// stays in the mailbox, where it is counted, and the transport has this long for each
    /// [`WRITE_CHUNK`] bytes.
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
        if self.busy {
            self.flush(transport, cx)?;
        }
        while !self.busy && (self.more || ear.heard(Ring::Mail)) {
            let (fed, all) = feed(mailbox, ear.connection().watch(), transport);
            self.more = !all;
            self.flush(transport, cx)?;
            if self.busy {
                self.deadline = alarm.expect(patience(timeout, fed));
            }
        }
        Ok(())
    }

    fn flush<T: Transport>(&mut self, transport: &mut T, cx: &mut Context<'_>) -> io::Result<()> {
        let flushed = transport.poll_flush(cx)?;
        self.busy = flushed.is_pending();
        if !self.busy {
            self.deadline = None;
        }
        Ok(())
    }

    /// Whether the mailbox may have more than it has rung for.
    pub(super) fn is_behind(&self) -> bool {
        self.busy || self.more
    }

    pub(super) fn deadline(&self) -> Option<Instant> {
        self.deadline
    }

    /// Whether the transport has been busy for too long.
    pub(super) fn is_stalled(&self, now: Instant) -> bool {
        self.deadline.is_some_and(|deadline| deadline <= now)
    }

    /// What is left for a later turn: more mail changes nothing while the transport is busy.
    pub(super) fn leaves(&self) -> Option<Ring> {
        self.busy.then_some(Ring::Mail)
    }
}

/// How long the transport may take for so many bytes: what it has written of them cannot be seen before
/// it has written them all.
fn patience(timeout: Duration, bytes: usize) -> Duration {
    let chunks = bytes.div_ceil(WRITE_CHUNK).max(1);
    timeout.saturating_mul(chunks.try_into().unwrap_or(u32::MAX))
}

/// Gives frames to the transport, up to about a chunk; how many bytes that were, and whether it was all.
fn feed<T: Transport>(mailbox: &Mailbox, watch: &watch::Hub, transport: &mut T) -> (usize, bool) {
    let mut fed = 0;
    loop {
        let mut batch = ArrayVec::<_, BATCH>::new();
        let all = mailbox.take(WRITE_CHUNK - fed, &mut batch);
        fed += batch.iter().map(Queued::len).sum::<usize>();
        // Drained, for a batch that is moved is copied, with all the room that it has.
        let frames = batch.drain(..).filter_map(Queued::into_frame);
        transport.send(&mut watch.sending(frames));
        if all || fed >= WRITE_CHUNK {
            return (fed, all);
        }
    }
}
