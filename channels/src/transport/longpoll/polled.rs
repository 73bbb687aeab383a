//! The connection's end of a session.

use super::{
    session::{Session, wake},
    sessions::Sessions,
};
use crate::{
    close::CloseCode,
    transport::{Received, Transport},
    wire::Frame,
};
use futures_util::future::BoxFuture;
use std::{
    io, mem,
    sync::Arc,
    task::{Context, Poll, ready},
};

/// Bytes that wait for a poll, or to be read by the client, before the rest waits in the mailbox, where
/// it is counted.
pub(super) const BUFFER: usize = 256 * 1024;

/// The connection's end of a session. Without it, the session is over.
pub(super) struct Polled {
    session: Arc<Session>,
    sessions: Arc<Sessions>,
    /// When the client may have been silent for too long.
    check: BoxFuture<'static, ()>,
}

impl Polled {
    pub(super) fn new(session: Arc<Session>, sessions: Arc<Sessions>) -> Self {
        let patience = session.patience().unwrap_or_default();
        Self {
            check: session.timer.delay(patience),
            session,
            sessions,
        }
    }

    /// Ready when the client has been silent for too long.
    fn poll_silence(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        loop {
            ready!(self.check.as_mut().poll(cx));
            let patience = self.session.patience();
            self.check = self.session.timer.delay(patience.unwrap_or_default());
            if patience.is_none() {
                return Poll::Ready(());
            }
        }
    }
}

impl Transport for Polled {
    fn poll_receive(&mut self, cx: &mut Context<'_>) -> Poll<Received> {
        if self.poll_silence(cx).is_ready() {
            return Poll::Ready(Received::Gone);
        }
        let mut inner = self.session.lock();
        if inner.ended {
            return Poll::Ready(Received::Gone);
        }
        if mem::take(&mut inner.activity) {
            return Poll::Ready(Received::Activity);
        }
        let Some(&key) = inner.publishing.front() else {
            inner.connection = Some(cx.waker().clone());
            return Poll::Pending;
        };
        let request = &mut inner.requests[key];
        let received = request.frames.pop_front();
        if request.frames.is_empty() {
            let publisher = request.waker.take();
            inner.publishing.pop_front();
            wake(inner, publisher);
        }
        Poll::Ready(received.unwrap_or(Received::Activity))
    }

    fn held(&self) -> usize {
        self.session.count()
    }

    fn send(&mut self, frames: &mut dyn Iterator<Item = Frame>) {
        let mut inner = self.session.lock();
        for frame in frames {
            match frame {
                Frame::Text(text) => {
                    inner.waiting += text.len();
                    inner.messages.push_back(text);
                }
                Frame::Binary(_) => {
                    log::error!("not sent: bytes cannot go to a client that polls (LP-16)");
                }
            }
        }
    }

    /// The client sees it when it polls again: there is no session then.
    fn close(&mut self, _: CloseCode) {
        self.session.end();
    }

    fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let mut inner = self.session.lock();
        let is_full = inner.waiting > BUFFER && !inner.ended;
        if is_full {
            inner.connection = Some(cx.waker().clone());
        }
        let poll = inner.poll.filter(|_| !inner.messages.is_empty());
        let poll = poll.and_then(|key| inner.requests[key].waker.take());
        wake(inner, poll);
        if !is_full {
            return Poll::Ready(Ok(()));
        }
        // Nothing may be read meanwhile.
        self.poll_silence(cx)
            .map(|()| Err(io::ErrorKind::TimedOut.into()))
    }

    /// There is nobody to send one to, but somebody who has to poll. As long as nothing is received from the client,
    /// this is when its silence is looked at.
    fn ping(&mut self) -> io::Result<()> {
        let patience = self.session.patience();
        patience
            .map(drop)
            .ok_or_else(|| io::ErrorKind::TimedOut.into())
    }
}

impl Drop for Polled {
    fn drop(&mut self) {
        self.sessions.forget(self.session.token());
        self.session.end();
    }
}
