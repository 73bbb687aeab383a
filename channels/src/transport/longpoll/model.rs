//! The requests of a session and its connection, in every order in which their threads may get their turns: no
//! request waits for something that is there already. See `socket/model`, with which it is run.

#![allow(
    clippy::unwrap_used,
    reason = "a test that panics has failed, which is what it is for"
)]

use super::{
    polled,
    request::{Polled, Request},
    session::Session,
    sessions::Sessions,
};
use crate::{
    admission::{Via, origin::opener::Opener},
    config::Config,
    limits::Visitors,
    socket::model::{Stopped, check},
    transport::{Received, Transport},
    wire::Frame,
};
use loom::{future::block_on, thread};
use std::{
    future::poll_fn,
    sync::{
        Arc, Weak,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    task::Poll,
};
use trillium::Headers;

/// A session, and its connection's end of it.
fn session() -> (Arc<Session>, polled::Polled) {
    let config = Config::new();
    let timer = Arc::new(Stopped::new());
    let ticket = Arc::new(Visitors::default()).enter(&config, None, Via::LongPoll);
    let session = Session::new(
        "token".into(),
        Opener::of(&Headers::new()),
        timer,
        Arc::new(ticket.unwrap()),
        Weak::new(),
        &config,
    );
    let session = Arc::new(session);
    let polled = Arc::new(Sessions::default()).open(Arc::clone(&session));
    (session, polled)
}

fn frame(text: &str) -> Frame {
    Frame::Text(text.into())
}

/// A thread that publishes so many frames with one request; ends when they are taken, and gives whether the connection
/// lives.
fn publisher(session: &Arc<Session>, frames: usize) -> thread::JoinHandle<bool> {
    let session = Arc::clone(session);
    thread::spawn(move || {
        let request = Request::publish(&session).unwrap();
        request.hand_over((0..frames).map(|_| Received::Frame(frame("x"))).collect());
        block_on(poll_fn(|cx| request.poll_taken(cx)))
    })
}

/// A thread that polls until it has so many messages, or the session has ended; gives how many it has.
fn poller(session: &Arc<Session>, messages: usize) -> thread::JoinHandle<usize> {
    let session = Arc::clone(session);
    thread::spawn(move || {
        let mut heard = 0;
        while heard < messages {
            let poll = Request::poll(&session).unwrap();
            let Polled::Messages(unsent) = block_on(poll_fn(|cx| poll.poll_messages(cx))) else {
                break;
            };
            heard += unsent.messages().count();
            unsent.sent();
        }
        heard
    })
}

/// The connection takes so many frames.
fn take(polled: &mut polled::Polled, frames: usize) {
    for _ in 0..frames {
        block_on(poll_fn(|cx| {
            loop {
                match polled.poll_receive(cx) {
                    Poll::Ready(Received::Activity) => {}
                    received => return received.map(drop),
                }
            }
        }));
    }
}

#[test]
fn all_who_publish_are_answered() {
    check(|| {
        let (session, mut polled) = session();
        let publishers = [publisher(&session, 1), publisher(&session, 2)];
        take(&mut polled, 3);
        for publisher in publishers {
            assert!(publisher.join().unwrap());
        }
    });
}

#[test]
fn all_who_publish_hear_of_the_end() {
    check(|| {
        let (session, mut polled) = session();
        let publishers = [publisher(&session, 1), publisher(&session, 1)];
        take(&mut polled, 1);
        drop(polled);
        let taken = publishers.map(|publisher| publisher.join().unwrap());
        assert!(taken.iter().filter(|taken| **taken).count() <= 1);
    });
}

#[test]
fn a_poll_hears_of_messages_beside_those_who_publish() {
    check(|| {
        let (session, mut polled) = session();
        let publisher = publisher(&session, 1);
        let poller = poller(&session, 2);
        take(&mut polled, 1);
        for text in ["a", "b"] {
            polled.send(&mut [frame(text)].into_iter());
            block_on(poll_fn(|cx| polled.poll_flush(cx))).unwrap();
        }
        assert!(publisher.join().unwrap());
        assert_eq!(poller.join().unwrap(), 2);
    });
}

/// Of two polls at once, one gets the message. The other one hears of the end.
#[test]
fn polls_that_take_over_from_each_other_lose_nothing() {
    check(|| {
        let (session, mut polled) = session();
        let heard = Arc::new(AtomicUsize::new(0));
        let pollers = [(); 2].map(|()| {
            let (session, heard) = (Arc::clone(&session), Arc::clone(&heard));
            thread::spawn(move || {
                let poll = Request::poll(&session).unwrap();
                if let Polled::Messages(unsent) = block_on(poll_fn(|cx| poll.poll_messages(cx))) {
                    heard.fetch_add(unsent.messages().count(), SeqCst);
                    unsent.sent();
                }
            })
        });
        polled.send(&mut [frame("a")].into_iter());
        block_on(poll_fn(|cx| polled.poll_flush(cx))).unwrap();
        drop(polled);
        for poller in pollers {
            poller.join().unwrap();
        }
        let session = session.lock();
        assert_eq!(heard.load(SeqCst) + session.messages.len(), 1);
    });
}

/// More than may wait for a poll: the connection goes on when the client has got it.
#[test]
fn a_connection_goes_on_when_an_answer_is_sent() {
    check(|| {
        let (session, mut polled) = session();
        let poller = poller(&session, 3);
        for _ in 0..3 {
            polled.send(&mut [frame(&"x".repeat(polled::BUFFER + 1))].into_iter());
            block_on(poll_fn(|cx| polled.poll_flush(cx))).unwrap();
        }
        assert_eq!(poller.join().unwrap(), 3);
    });
}

/// What could not be sent waits for the next poll, which may be there already.
#[test]
fn an_answer_that_is_not_sent_waits_for_the_next_poll() {
    check(|| {
        let (session, mut polled) = session();
        polled.send(&mut [frame("a")].into_iter());
        block_on(poll_fn(|cx| polled.poll_flush(cx))).unwrap();
        let given_up = Request::poll(&session).unwrap();
        let Polled::Messages(unsent) = block_on(poll_fn(|cx| given_up.poll_messages(cx))) else {
            panic!("there is a message");
        };
        let poller = poller(&session, 1);
        drop(unsent);
        drop(given_up);
        assert_eq!(poller.join().unwrap(), 1);
    });
}
