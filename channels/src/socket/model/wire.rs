use crate::{
    close::CloseCode,
    sync::Mutex,
    transport::{Received, Transport},
    wire::Frame,
};
use std::{
    collections::VecDeque,
    io,
    sync::{self, Arc, PoisonError},
    task::{Context, Poll, Waker},
};

/// The transport of a model: what goes over it, and whether it takes anything for now.
#[derive(Default)]
pub(super) struct Wire {
    gate: Mutex<Gate>,
    /// Nobody but the task looks at these, so that they need not be part of the model.
    log: sync::Mutex<Log>,
}

#[derive(Default)]
struct Gate {
    shut: bool,
    waiting: Option<Waker>,
}

#[derive(Default)]
struct Log {
    incoming: VecDeque<Received>,
    unflushed: Vec<Frame>,
    written: Vec<String>,
    closes: Vec<CloseCode>,
}

/// The server's end of a wire.
pub(super) struct End(pub(super) Arc<Wire>);

impl Wire {
    /// Takes nothing before it is opened.
    pub(super) fn shut() -> Self {
        let gate = Mutex::new(Gate {
            shut: true,
            waiting: None,
        });
        Self {
            gate,
            log: sync::Mutex::default(),
        }
    }

    pub(super) fn open(&self) {
        let waiting = {
            let mut gate = self.gate.lock();
            gate.shut = false;
            gate.waiting.take()
        };
        if let Some(waiting) = waiting {
            waiting.wake();
        }
    }

    /// Has this ready to be read.
    pub(super) fn incoming(&self, received: impl IntoIterator<Item = Received>) {
        self.log().incoming.extend(received);
    }

    /// The text of the frames that have been written, in order.
    pub(super) fn written(&self) -> Vec<String> {
        self.log().written.clone()
    }

    pub(super) fn closes(&self) -> Vec<CloseCode> {
        self.log().closes.clone()
    }

    fn log(&self) -> sync::MutexGuard<'_, Log> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Transport for End {
    fn poll_receive(&mut self, _: &mut Context<'_>) -> Poll<Received> {
        let mut log = self.0.log();
        match log.incoming.pop_front() {
            Some(received) => Poll::Ready(received),
            // A client answers a close by closing.
            None if !log.closes.is_empty() => Poll::Ready(Received::Gone),
            None => Poll::Pending,
        }
    }

    fn send(&mut self, frames: &mut dyn Iterator<Item = Frame>) {
        self.0.log().unflushed.extend(frames);
    }

    fn close(&mut self, code: CloseCode) {
        self.0.log().closes.push(code);
    }

    fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let mut gate = self.0.gate.lock();
        if gate.shut {
            gate.waiting = Some(cx.waker().clone());
            return Poll::Pending;
        }
        let mut log = self.0.log();
        while !log.unflushed.is_empty() {
            let Frame::Text(text) = log.unflushed.remove(0) else {
                panic!("models send text");
            };
            log.written.push(text.to_string());
        }
        Poll::Ready(Ok(()))
    }
}
