use super::{plain, unsent::Unsent};
use crate::{message::bytes::Bytes, wire::Frame};
use std::{
    cell::Cell,
    io::{self, ErrorKind, Read, Write},
    mem,
    pin::Pin,
    task::{Context, Poll, Waker},
};
use trillium::Transport;
use trillium_server_common::{AsyncRead as _, AsyncWrite as _};

thread_local! {
    /// Where a socket is read into. Of the thread, so that each connection needs but a small buffer and
    /// yet few calls of the system for much that has come. Not its scratch buffer, which would have to be
    /// filled with zeros for every read.
    static BUFFER: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

/// Bytes read from a socket at once.
const AT_ONCE: usize = 16 * 1024;

/// Bytes that tungstenite may take before it has made something of them: it asks for more for as long as there are
/// fragments, or the end of a message has not come.
pub(super) const PART: u16 = 1024;

/// Bytes that tungstenite may have taken beyond the end of a message that it has made: as many as it reads at once.
const BEHIND: usize = super::BUFFER;

/// Bytes of the answers to a client's control frames that may wait for it to take them.
const ANSWERS: usize = 4 * 1024;

/// The socket below, as tungstenite wants it: reading never waits, nor does writing, since what the
/// socket does not take is kept. In this order: first, and side by side, what every message looks at.
#[repr(C)]
pub(super) struct Io {
    socket: Box<dyn Transport>,
    waker: Waker,
    /// What has come and nobody has taken yet.
    unread: Bytes,
    /// What the socket had has been read.
    drained: bool,
    /// Reading has ended without asking the socket, which so wakes nobody.
    unasked: bool,
    /// All that was written has been flushed.
    flushed: bool,
    /// How many bytes tungstenite may take for now.
    allowance: u16,
    /// What the socket did not take. Nothing may be written past it.
    unsent: Option<Box<Unsent>>,
    /// How many bytes tungstenite has written since the socket last took everything.
    answers: u32,
    /// An error of the socket, which shows at the next flush.
    broken: Option<io::Error>,
    /// How many bytes tungstenite has taken that are not of a message that it has made of them: it is in the midst of
    /// something unless there are none.
    taken: usize,
}

impl Io {
    /// A socket of which some bytes have been read already.
    pub(super) fn new(socket: Box<dyn Transport>, read: Vec<u8>) -> Self {
        Self {
            socket,
            waker: Waker::noop().clone(),
            unread: read.into(),
            drained: false,
            unasked: false,
            flushed: true,
            allowance: 0,
            unsent: None,
            answers: 0,
            broken: None,
            taken: 0,
        }
    }

    /// How many bytes have come and wait to be taken, or wait to be written.
    pub(super) fn held(&self) -> usize {
        self.unread.len() + self.unsent()
    }

    /// Has the socket wake this task from here on.
    pub(super) fn arm(&mut self, waker: &Waker) {
        // Wakes the same task as a rule, which this sees before it copies anything.
        self.waker.clone_from(waker);
    }

    pub(super) fn is_unasked(&self) -> bool {
        self.unasked
    }

    /// Asks the socket, and keeps what it has for tungstenite, which does much before it finds that there is nothing to
    /// read. Ready if there is something, be it the end.
    pub(super) fn poll_fill(&mut self) -> Poll<io::Result<()>> {
        self.poll_ask(|_| (0, ()))
    }

    /// The next message, as long as tungstenite has had nothing to do with what comes before it. None if what comes
    /// next is for tungstenite.
    pub(super) fn poll_plain(&mut self, max_size: usize) -> Poll<io::Result<Option<Frame>>> {
        let message = |bytes: &[u8]| match plain::message(bytes, max_size) {
            Some((frame, length)) => (length, Some(frame)),
            None => (0, None),
        };
        if !self.unread.is_empty() {
            let (length, frame) = message(&self.unread);
            drop(self.unread.split_to(length));
            return Poll::Ready(Ok(frame));
        }
        if self.is_drained() {
            return Poll::Pending;
        }
        self.poll_ask(message)
    }

    /// Whether reading ends here without asking the socket.
    fn is_drained(&mut self) -> bool {
        self.unasked = mem::take(&mut self.drained);
        self.unasked
    }

    /// Lets tungstenite take another part of what comes.
    pub(super) fn allow_part(&mut self) {
        self.allowance = PART;
    }

    /// Whether tungstenite has stopped because that part is used up.
    pub(super) fn is_allowance_used_up(&self) -> bool {
        self.allowance == 0
    }

    /// Notes that tungstenite has made a message of so many bytes at the least: fragments have more of them.
    pub(super) fn made_message(&mut self, length: usize) {
        self.made_control(length);
        self.taken = self.taken.min(BEHIND);
    }

    /// Notes that tungstenite has made a control frame of so many bytes, perhaps in the midst of a message.
    pub(super) fn made_control(&mut self, length: usize) {
        self.taken = self.taken.saturating_sub(length);
    }

    /// How many bytes tungstenite has taken of the message that it is in the midst of, or a few more.
    pub(super) fn taken(&self) -> usize {
        self.taken
    }

    pub(super) fn unsent(&self) -> usize {
        self.unsent.as_ref().map_or(0, |unsent| unsent.len())
    }

    /// Whether the client does not take the answers to its control frames.
    pub(super) fn is_backed_up(&self) -> bool {
        self.unsent.is_some() && self.answers as usize > ANSWERS
    }

    /// Whether tungstenite has nothing more to do with what has come, and nothing to write.
    pub(super) fn is_settled(&self) -> bool {
        self.taken == 0 && self.flushed
    }

    /// Asks the socket, and keeps what is not taken.
    fn poll_ask<R>(&mut self, take: impl FnOnce(&[u8]) -> (usize, R)) -> Poll<io::Result<R>> {
        self.unasked = false;
        with_buffer(|bytes| {
            let length = match self.ask(bytes) {
                Ok(length) => length,
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Poll::Pending,
                Err(error) => return Poll::Ready(Err(error)),
            };
            let (taken, result) = take(&bytes[..length]);
            self.unread = Bytes::copy_from_slice(&bytes[taken..length]);
            Poll::Ready(Ok(result))
        })
    }

    fn ask(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let cx = &mut Context::from_waker(&self.waker);
        let length = ready(Pin::new(&mut self.socket).poll_read(cx, bytes))?;
        self.drained = 0 < length && length < bytes.len();
        Ok(length)
    }

    /// Writes bytes, and keeps a copy of those that the socket does not take.
    pub(super) fn send(&mut self, bytes: &[u8]) {
        let written = self.write_now(bytes);
        if written < bytes.len() {
            self.keep().copy(&bytes[written..]);
        }
    }

    /// Writes bytes, and keeps those that the socket does not take.
    pub(super) fn send_shared(&mut self, bytes: &Bytes) {
        let written = self.write_now(bytes);
        if written < bytes.len() {
            self.keep().share(bytes.slice(written..));
        }
    }

    /// How many of these bytes the socket takes now.
    fn write_now(&mut self, bytes: &[u8]) -> usize {
        self.flushed = false;
        let mut written = 0;
        while self.unsent.is_none() && written < bytes.len() {
            match write(&mut self.socket, &self.waker, &bytes[written..]) {
                Ok(length) => written += length,
                Err(error) => {
                    if error.kind() != ErrorKind::WouldBlock {
                        self.broken = Some(error);
                    }
                    break;
                }
            }
        }
        written
    }

    fn keep(&mut self) -> &mut Unsent {
        self.unsent.get_or_insert_default()
    }
}

impl Read for Io {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.is_allowance_used_up() {
            return Err(ErrorKind::WouldBlock.into());
        }
        if self.unread.is_empty() {
            if self.is_drained() {
                return Err(ErrorKind::WouldBlock.into());
            }
            ready(self.poll_fill())?;
        }
        let allowed = buffer.len().min(self.allowance.into());
        let length = allowed.min(self.unread.len());
        buffer[..length].copy_from_slice(&self.unread.split_to(length));
        self.taken += length;
        self.allowance -= u16::try_from(length).unwrap_or(self.allowance);
        Ok(length)
    }
}

/// What tungstenite answers by itself.
impl Write for Io {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.send(bytes);
        let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        self.answers = self.answers.saturating_add(length);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if let Some(error) = self.broken.take() {
            return Err(error);
        }
        if let Some(unsent) = &mut self.unsent {
            unsent.write(|bytes| write(&mut self.socket, &self.waker, bytes))?;
            // Its memory is given back: connections that are written to faster than they read are few.
            self.unsent = None;
        }
        self.answers = 0;
        let cx = &mut Context::from_waker(&self.waker);
        ready(Pin::new(&mut self.socket).poll_flush(cx))?;
        self.flushed = true;
        Ok(())
    }
}

/// Lends the buffer of the thread.
fn with_buffer<T>(read: impl FnOnce(&mut [u8]) -> T) -> T {
    let mut bytes = BUFFER.take();
    bytes.resize(AT_ONCE, 0);
    let read = read(&mut bytes);
    BUFFER.set(bytes);
    read
}

fn write(socket: &mut Box<dyn Transport>, waker: &Waker, bytes: &[u8]) -> io::Result<usize> {
    let cx = &mut Context::from_waker(waker);
    match ready(Pin::new(socket).poll_write(cx, bytes))? {
        0 => Err(ErrorKind::WriteZero.into()),
        length => Ok(length),
    }
}

/// What would wait is an error that says so.
fn ready<T>(poll: Poll<io::Result<T>>) -> io::Result<T> {
    match poll {
        Poll::Ready(result) => result,
        Poll::Pending => Err(ErrorKind::WouldBlock.into()),
    }
}
