//! The task of a connection and those who send to it, in every order in which their threads may get
//! their turns. A wake-up that is lost is a deadlock here, and fails.
//!
//! Run by `RUSTFLAGS="--cfg model" cargo test -p phx-channels --release --lib model`. What is checked
//! is the code that runs in servers: its locks and atomics come from `crate::sync`.

#![allow(
    clippy::unwrap_used,
    reason = "a test that panics has failed, which is what it is for"
)]

mod task;
mod wire;

use super::{Connection, Message};
use crate::limits::QueueLimits;
use crate::{close::CloseCode, info::Info, transport::Received, wire::Frame};
use loom::thread;
use std::{
    iter,
    sync::{
        Arc, Weak,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
};
pub(crate) use task::Stopped;
use task::Task;
use wire::Wire;

const ROOMY: QueueLimits = QueueLimits {
    frames: 8,
    bytes: 1024,
};

/// How often the model takes a thread's turn away where it need not wait. Faults that need more than
/// two are rare, and one more makes it run for minutes: `LOOM_MAX_PREEMPTIONS` says how many.
const PREEMPTIONS: usize = 2;

pub(crate) fn check(model: impl Fn() + Send + Sync + 'static) {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound.get_or_insert(PREEMPTIONS);
    builder.max_branches = 10_000;
    builder.check(model);
}

/// A thread that does something with a connection.
fn with(connection: &Arc<Connection>, act: impl FnOnce(&Arc<Connection>) + 'static) -> Thread {
    let connection = Arc::clone(connection);
    thread::spawn(move || act(&connection))
}

type Thread = thread::JoinHandle<()>;

/// A thread that sends these, one by one.
fn sender(connection: &Arc<Connection>, texts: &'static [&str]) -> Thread {
    with(connection, |connection| send(connection, texts))
}

fn send(connection: &Connection, texts: &[&str]) {
    for &text in texts {
        connection.push(Frame::Text(text.into()), || ("model", text));
    }
}

fn join(threads: impl IntoIterator<Item = Thread>) {
    for thread in threads {
        thread.join().unwrap();
    }
}

/// What was written of these, in the order in which it was.
fn only(written: &[String], texts: &[&str]) -> Vec<String> {
    let is_one = |text: &&String| texts.contains(&text.as_str());
    written.iter().filter(is_one).cloned().collect()
}

const A: &[&str] = &["a1", "a2"];
const B: &[&str] = &["b1", "b2"];

#[test]
fn frames_arrive_all_and_in_order() {
    check(|| {
        let mut task = Task::new(Wire::default(), ROOMY);
        let senders = [sender(&task.connection, A), sender(&task.connection, B)];
        task.run_until(|wire| wire.written().len() == 4);
        join(senders);
        let written = task.wire.written();
        assert_eq!(only(&written, A), A);
        assert_eq!(only(&written, B), B);
    });
}

#[test]
fn letters_arrive() {
    /// Something that is told, and counted when it has been thrown away: nobody is there to hear it.
    #[derive(Clone)]
    struct Told(Arc<AtomicUsize>);

    impl Drop for Told {
        fn drop(&mut self) {
            self.0.fetch_add(1, SeqCst);
        }
    }

    check(|| {
        let mut task = Task::new(Wire::default(), ROOMY);
        let heard = Arc::new(AtomicUsize::new(0));
        let tellers = [(); 2].map(|()| {
            let told = Told(Arc::clone(&heard));
            with(&task.connection, |connection| {
                connection.tell(&Weak::new(), Message::Info(Info::new(told)));
            })
        });
        task.run_until(|_| heard.load(SeqCst) == 2);
        join(tellers);
    });
}

/// A transport that takes nothing for a while: the frames stay in the mailbox, and more of them do not
/// wake the task. Then they are all written.
#[test]
fn frames_arrive_when_a_busy_transport_goes_on() {
    check(|| {
        let mut task = Task::new(Wire::shut(), ROOMY);
        let sender = sender(&task.connection, &["a1", "a2", "a3"]);
        let wire = Arc::clone(&task.wire);
        let opener = thread::spawn(move || wire.open());
        task.run_until(|wire| wire.written().len() == 3);
        join([sender, opener]);
        assert_eq!(task.wire.written(), ["a1", "a2", "a3"]);
    });
}

/// More than is given to the transport at once: the rest needs no wake-up of its own.
#[test]
fn frames_arrive_that_are_more_than_a_chunk() {
    const LARGE: usize = 40 * 1024;
    let limits = QueueLimits {
        frames: 8,
        bytes: 8 * LARGE,
    };
    check(move || {
        let mut task = Task::new(Wire::default(), limits);
        let sender = with(&task.connection, |connection| {
            for letter in ["a", "b", "c"] {
                let frame = Frame::Text(letter.repeat(LARGE).into());
                connection.push(frame, || ("model", letter));
            }
        });
        task.run_until(|wire| wire.written().len() == 3);
        join([sender]);
        let written = task.wire.written();
        assert!(written.is_sorted(), "they are out of order");
    });
}

/// A busy transport does not hide the end of its connection.
#[test]
fn an_end_is_heard_while_the_transport_is_busy() {
    check(|| {
        let mut task = Task::new(Wire::shut(), ROOMY);
        let closer = with(&task.connection, |connection| {
            send(connection, A);
            connection.close(CloseCode::Disconnected);
        });
        let is_closed = |wire: &Wire| !wire.closes().is_empty();
        task.run_until(is_closed);
        let wire = Arc::clone(&task.wire);
        let opener = thread::spawn(move || wire.open());
        task.run();
        join([closer, opener]);
        assert_eq!(task.wire.written(), A);
        assert_eq!(task.wire.closes(), [CloseCode::Disconnected]);
    });
}

/// Who sends too much ends the connection, once, and only then is anything lost.
#[test]
fn an_overflow_ends_the_connection_once() {
    let tight = QueueLimits {
        frames: 2,
        bytes: 1024,
    };
    check(move || {
        let mut task = Task::new(Wire::default(), tight);
        let senders = [sender(&task.connection, A), sender(&task.connection, B)];
        task.run_until(|wire| wire.written().len() == 4);
        join(senders);
        let written = task.wire.written();
        for texts in [A, B] {
            let arrived = only(&written, texts);
            assert_eq!(arrived, texts[..arrived.len()], "one is missing in between");
        }
        if written.len() < 4 {
            assert_eq!(task.wire.closes(), [CloseCode::Overflow]);
            assert_eq!(task.disconnects.load(SeqCst), 1);
        } else {
            assert_eq!(task.wire.closes(), []);
        }
    });
}

/// Of several reasons to close one counts. What was queued before it is written before it.
#[test]
fn a_connection_ends_once() {
    check(|| {
        let mut task = Task::new(Wire::default(), ROOMY);
        let threads = [
            with(&task.connection, |connection| {
                send(connection, &["a1"]);
                connection.close(CloseCode::Disconnected);
            }),
            with(&task.connection, |connection| {
                send(connection, &["b1"]);
                connection.close(CloseCode::StayAway);
            }),
        ];
        task.run();
        join(threads);
        let closes = task.wire.closes();
        let sent_before = match closes[..] {
            [CloseCode::Disconnected] => "a1",
            [CloseCode::StayAway] => "b1",
            _ => panic!("closed with {closes:?}"),
        };
        assert!(task.wire.written().iter().any(|text| text == sent_before));
        assert_eq!(task.disconnects.load(SeqCst), 1);
    });
}

/// Reading stops after a while, for other tasks want their turn as well, and goes on by itself.
#[test]
fn reading_goes_on_after_a_doze() {
    check(|| {
        let mut task = Task::new(Wire::default(), ROOMY);
        let activity = iter::repeat_with(|| Received::Activity).take(64);
        task.wire.incoming(activity.chain([Received::Gone]));
        let sender = sender(&task.connection, &["a1"]);
        task.run();
        join([sender]);
        assert_eq!(task.disconnects.load(SeqCst), 1);
    });
}

/// Others may keep a connection that is gone, and send to it, but not its task.
#[test]
fn a_connection_that_is_gone_keeps_no_task() {
    check(|| {
        let mut task = Task::new(Wire::default(), ROOMY);
        task.wire.incoming([Received::Gone]);
        let senders = [sender(&task.connection, A), sender(&task.connection, B)];
        task.run();
        join(senders);
        assert_eq!(task.wakers(), 0);
        assert!(task.connection.mailbox.close().next().is_none());
    });
}
