use super::{
    client::Frame,
    fault::{Fault, Operation},
};
use crate::{
    close::CloseCode,
    sync::Mutex,
    transport::{Received, Transport},
    wire,
};
use std::{
    collections::VecDeque,
    io::{self, ErrorKind},
    mem,
    sync::Arc,
    task::{Context, Poll, Waker},
};

/// The server's end of an in-memory connection.
pub(super) struct TestTransport {
    /// Taken and not yet flushed.
    unflushed: VecDeque<Frame>,
    /// Bytes of all of them that the client has not taken.
    unsent: usize,
    pipe: Pipe,
    fault: Option<Fault>,
}

/// The client's end.
#[derive(Clone)]
pub(super) struct Pipe(Arc<Mutex<Inner>>);

#[derive(Default)]
struct Inner {
    to_server: VecDeque<Received>,
    to_client: VecDeque<Frame>,
    server: Option<Waker>,
    client: Option<Waker>,
    /// Bytes that the client still takes, if it does not take all; the connection holds nothing more.
    room: Option<usize>,
}

pub(super) fn pipe(fault: Option<Fault>) -> (TestTransport, Pipe) {
    let pipe = Pipe(Arc::default());
    let transport = TestTransport {
        unflushed: VecDeque::new(),
        unsent: 0,
        pipe: pipe.clone(),
        fault,
    };
    (transport, pipe)
}

impl Pipe {
    pub(super) fn send(&self, received: Received) {
        let mut inner = self.0.lock();
        inner.to_server.push_back(received);
        wake(&mut inner.server);
    }

    pub(super) fn poll_next(&self, cx: &mut Context<'_>) -> Poll<Frame> {
        let mut inner = self.0.lock();
        if let Some(frame) = inner.to_client.pop_front() {
            return Poll::Ready(frame);
        }
        inner.client = Some(cx.waker().clone());
        Poll::Pending
    }

    pub(super) fn try_next(&self) -> Option<Frame> {
        self.0.lock().to_client.pop_front()
    }

    /// Lets the client take so many bytes more, or all.
    pub(super) fn take(&self, bytes: Option<usize>) {
        let mut inner = self.0.lock();
        inner.room = bytes;
        wake(&mut inner.server);
    }
}

fn wake(waker: &mut Option<Waker>) {
    if let Some(waker) = waker.take() {
        waker.wake();
    }
}

impl TestTransport {
    fn breaks(&self, operation: Operation) -> bool {
        let fault = self.fault.as_ref();
        fault.is_some_and(|fault| fault.strikes(operation))
    }
}

impl Transport for TestTransport {
    fn poll_receive(&mut self, cx: &mut Context<'_>) -> Poll<Received> {
        if self.breaks(Operation::Read) {
            return Poll::Ready(Received::Gone);
        }
        let mut inner = self.pipe.0.lock();
        if let Some(received) = inner.to_server.pop_front() {
            return Poll::Ready(received);
        }
        inner.server = Some(cx.waker().clone());
        Poll::Pending
    }

    fn send(&mut self, frames: &mut dyn Iterator<Item = wire::Frame>) {
        for frame in frames {
            self.unsent += frame.len();
            self.unflushed.push_back(match frame {
                wire::Frame::Text(text) => Frame::Text(text.to_string()),
                wire::Frame::Binary(bytes) => Frame::Binary(bytes.to_vec()),
            });
        }
    }

    fn close(&mut self, code: CloseCode) {
        self.unflushed.push_back(Frame::Close(code.code()));
    }

    fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.breaks(Operation::Write) {
            return Poll::Ready(Err(ErrorKind::BrokenPipe.into()));
        }
        let mut inner = self.pipe.0.lock();
        if let Some(room) = &mut inner.room {
            let taken = self.unsent.min(*room);
            *room -= taken;
            self.unsent -= taken;
            if self.unsent > 0 || *room == 0 {
                inner.server = Some(cx.waker().clone());
                return Poll::Pending;
            }
        }
        self.unsent = 0;
        for frame in mem::take(&mut self.unflushed) {
            // A client answers a close by closing.
            if matches!(frame, Frame::Close(_)) {
                inner.to_server.push_back(Received::Gone);
            }
            inner.to_client.push_back(frame);
        }
        wake(&mut inner.client);
        Poll::Ready(Ok(()))
    }

    fn unsent(&self) -> usize {
        self.unsent
    }
}

impl Drop for TestTransport {
    fn drop(&mut self) {
        let mut inner = self.pipe.0.lock();
        inner.to_client.push_back(Frame::Gone);
        wake(&mut inner.client);
    }
}
