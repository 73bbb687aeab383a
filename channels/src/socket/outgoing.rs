use super::{
    Mailbox,
    bell::{Ear, Ring},
    queued::Queued,
};
use crate::transport::Transport;
use arrayvec::ArrayVec;
use std::{io, task::Context};

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
}

impl Outgoing {
    /// Writes what the mailbox has, flushing once for all of it. While the transport is busy the rest
    /// stays in the mailbox, where it is counted.
    ///
    /// # Errors
    ///
    /// If the transport is gone.
    pub(super) fn poll<T: Transport>(
        &mut self,
        mailbox: &Mailbox,
        ear: &Ear,
        transport: &mut T,
        cx: &mut Context<'_>,
    ) -> io::Result<()> {
        if self.busy {
            self.flush(transport, cx)?;
        }
        while !self.busy && (self.more || ear.heard(Ring::Mail)) {
            self.more = !feed(mailbox, transport);
            self.flush(transport, cx)?;
        }
        Ok(())
    }

    fn flush<T: Transport>(&mut self, transport: &mut T, cx: &mut Context<'_>) -> io::Result<()> {
        let flushed = transport.poll_flush(cx)?;
        self.busy = flushed.is_pending();
        Ok(())
    }

    /// What is left for a later turn: more mail changes nothing while the transport is busy.
    pub(super) fn leaves(&self) -> Option<Ring> {
        self.busy.then_some(Ring::Mail)
    }
}

/// Gives frames to the transport, up to about a chunk; whether that was all.
fn feed<T: Transport>(mailbox: &Mailbox, transport: &mut T) -> bool {
    let mut room = WRITE_CHUNK;
    loop {
        let mut batch = ArrayVec::<_, BATCH>::new();
        let all = mailbox.take(room, &mut batch);
        let bytes: usize = batch.iter().map(Queued::len).sum();
        room = room.saturating_sub(bytes);
        transport.send(&mut batch.into_iter().map(Queued::into_frame));
        if all || room == 0 {
            return all;
        }
    }
}
